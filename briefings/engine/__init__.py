"""The build itself: what the disk holds, what is known from before, worker processes, and the stages in order."""
