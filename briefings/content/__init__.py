"""One content file at a time: its front matter, records and Markdown are parsed without reading any other file."""
