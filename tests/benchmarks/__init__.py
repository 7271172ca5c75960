"""Builds of one corpus by several generators, timed side by side; `make bench` runs them."""
