"""Characters that must not be in what Encord is given."""

import re
from typing import Final

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""No title has one (J18 of import-formats §9.1)."""
UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
"""No text has one: NUL, and the halves of surrogate pairs, which UTF-8 has not (J36, C18)."""
