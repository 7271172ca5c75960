"""Render Markdown texts as HTML, and report what in them is not understood."""
