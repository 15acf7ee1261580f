"""``python -m symbiosis``: the command, without the script that an installation makes."""

import sys

from symbiosis.cli import main

if __name__ == "__main__":
    sys.exit(main())
