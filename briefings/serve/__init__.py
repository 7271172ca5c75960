"""Live editing: the site beside the editor, from memory."""
