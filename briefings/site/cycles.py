"""Cycles in the tree of topics: a topic that is, through its broader topics, broader than itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter


def cycles(broader: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each cycle among `broader`, from its first id in alphabetical order, in a stable order."""
    remaining = {topic: sorted(set(above)) for topic, above in sorted(broader.items())}
    while True:
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            # graphlib names each topic before the one that it depends on, and the first one again at the end.
            cycle = tuple(reversed(error.args[1][1:]))
            first = cycle.index(min(cycle))
            cycle = cycle[first:] + cycle[:first]
            yield cycle
            remaining[cycle[0]].remove(cycle[1 % len(cycle)])
        else:
            return
