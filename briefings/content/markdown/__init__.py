"""Markdown texts as HTML, what they refer to, and what in them is not understood."""
