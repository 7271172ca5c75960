"""What is promised of live editing."""
