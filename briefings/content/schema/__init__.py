"""The schema: convert a tree of text to typed values, and report every value that does not fit."""
