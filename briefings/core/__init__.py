"""Words used everywhere: problems as values, names and their order, addresses, settings."""
