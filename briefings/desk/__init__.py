"""What is for the desk alone: checks of all content, and what is due."""
