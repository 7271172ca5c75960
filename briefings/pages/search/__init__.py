"""What the search of a site is made of: terms of texts, segments of notes, and the views of the files that a reader's browser loads."""
