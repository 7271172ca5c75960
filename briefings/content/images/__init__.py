"""Pictures: their sizes and their metadata."""
