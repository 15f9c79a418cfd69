"""`python -m xl_perf`: the same commands as `xl-perf`."""

import sys

from xl_perf.cli import main

if __name__ == "__main__":
    sys.exit(main())
