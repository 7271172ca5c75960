"""The build itself: disk, worker processes, output, and the six stages in order."""
