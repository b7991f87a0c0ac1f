"""`python -m encord_lambda.cli`."""

import sys

from encord_lambda.cli import main

if __name__ == "__main__":
    sys.exit(main())
