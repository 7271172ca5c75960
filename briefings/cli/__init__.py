"""The command line: it parses arguments, calls the other wings and prints reports."""
