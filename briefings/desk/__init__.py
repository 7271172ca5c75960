"""What serves authors alone: checks of all content, and what will change with time."""
