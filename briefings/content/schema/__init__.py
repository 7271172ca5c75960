"""From a tree of text to typed values, and the schema that says which values there may be."""
