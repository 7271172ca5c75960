"""Publishing: the audit of a built tree, its way to a branch of a git repository, and the workflow that does both."""
