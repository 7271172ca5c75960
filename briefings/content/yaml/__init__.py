"""YAML as authors write it: values, their positions in the file, and advice on mistakes."""
