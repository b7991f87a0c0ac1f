"""All that touches AWS. Its errors are translated here, once, into `errors.Trouble`."""
