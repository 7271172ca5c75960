"""YAML as authors write it: read with its places, and what a mistake in it most likely means."""
