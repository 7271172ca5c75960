"""Executors: they have the work of a build done, in this process, by processes of this machine, or by the workers of a cluster."""
