"""Short cuts for the commonest Markdown: without this folder, the same HTML is made more slowly."""
