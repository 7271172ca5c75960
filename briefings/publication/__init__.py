"""The output: a folder in which every file is whole at every instant, however a build ends."""
