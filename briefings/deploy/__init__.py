"""Publishing: from a built tree to a branch of a git repository, and the workflow with which GitHub builds a site."""
