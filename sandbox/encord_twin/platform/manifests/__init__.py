"""What an upload job is asked to register, from either of the two shapes the SDK sends.

`dataItems` is the SDK's typed upload (camelCase, groups as lists), `externalFiles` a JSON file as its author wrote
it (snake_case sections, groups as numbered URLs). Both become the same units.
"""

from .reading import from_file, from_items
from .units import File, Manifest, Unit

__all__ = ["File", "Manifest", "Unit", "from_file", "from_items"]
