"""Arguments in, report out."""
