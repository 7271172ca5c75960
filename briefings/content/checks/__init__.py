"""What the records of one file must satisfy beyond their types."""
