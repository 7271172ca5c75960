"""The audit of a built tree: it searches every file for text that its readers must not see."""
