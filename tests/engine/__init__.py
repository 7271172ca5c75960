"""What is promised of builds: right, whole and quick whatever happens."""
