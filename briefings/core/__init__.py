"""What every other part uses: problems as values, names and their order, addresses, digests, settings."""
