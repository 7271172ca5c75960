"""The audit of a built tree: whether any of its files holds what its readers must not see."""
