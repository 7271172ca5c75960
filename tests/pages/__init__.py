"""What is promised of pages, themes and what else is published."""
