"""The static site generator for briefing notes."""

__version__ = "0.1.0"
