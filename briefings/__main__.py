"""Where the program begins, so that Ctrl-C is answered as later on while its modules are still being loaded."""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, and end the process."""
    try:
        from briefings.cli.main import main as run
    except KeyboardInterrupt:
        os.write(2, b"Interrupted.\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
