"""Figures that say more about a machine than a test may."""
