"""What is promised of one file: its front matter, its records and its texts."""
