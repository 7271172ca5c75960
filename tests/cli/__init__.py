"""What is promised of the command line, the desk's checks and the program as it is installed."""
