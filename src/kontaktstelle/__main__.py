"""`python -m kontaktstelle` is the same as `kontaktstelle`."""

import sys

from kontaktstelle.cli import main

sys.exit(main())
