"""`python -m breathsync` is `breathsync`."""

import sys

from breathsync.cli import main

sys.exit(main())
