"""The one way a file can fail."""


class Undecodable(Exception):  # noqa: N818 - says what the file is
    """The bytes are not what they were said to be, or not all of it; `str()` of it is the reason for the uploader."""
