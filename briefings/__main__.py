"""Where the program begins, so that Ctrl-C is answered as later on while its modules are still being loaded."""

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line, and end the process."""
    # A command is over before its garbage is worth the search; only what serves goes on, and turns the search on again.
    gc.disable()
    try:
        from briefings.cli.main import main as run
    except KeyboardInterrupt:
        os.write(2, b"Interrupted.\n")
        sys.exit(130)
    code = run()
    # All is written and closed; to take the memory of a large site apart would be a tenth of a short build.
    os._exit(code)


if __name__ == "__main__":
    main()
