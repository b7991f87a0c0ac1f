"""Directories whose objects become one item: when all of them are there, and what they become. All pure."""
