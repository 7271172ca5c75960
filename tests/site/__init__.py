"""What is promised of all records together: references, and what readers may see."""
