"""The ledgers: what the entries of all notes come to, one module for each kind of entry."""
