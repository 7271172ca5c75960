"""Direct ways to the tokens of the commonest Markdown: without this folder, texts become the same HTML more slowly."""
