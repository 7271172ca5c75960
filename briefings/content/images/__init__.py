"""What pictures tell of themselves."""
