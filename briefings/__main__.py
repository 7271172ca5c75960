"""Lets `python -m briefings` run the command line."""

from briefings.cli.main import main

if __name__ == "__main__":
    main()
