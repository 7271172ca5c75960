"""Circles in the tree of topics: a topic that is, through its broader topics, broader than itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter


def circles(broader: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each circle among `broader`, from its first id in alphabetical order, in a stable order."""
    remaining = {topic: sorted(set(above)) for topic, above in sorted(broader.items())}
    while True:
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            # graphlib names each topic before the one that it depends on, and the first one again at the end.
            circle = tuple(reversed(error.args[1][1:]))
            first = circle.index(min(circle))
            circle = circle[first:] + circle[:first]
            yield circle
            remaining[circle[0]].remove(circle[1 % len(circle)])
        else:
            return
