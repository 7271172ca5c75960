"""One file: its front matter, its records and its Markdown, parsed without sight of any other file."""
