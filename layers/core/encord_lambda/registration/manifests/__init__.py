"""Import manifests: items, the files they are read from and written to, and what is wrong with those. All pure."""
