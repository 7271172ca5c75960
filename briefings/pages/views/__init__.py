"""The views: all that a template may see of a page."""
