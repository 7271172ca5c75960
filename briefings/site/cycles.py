"""Cycles among records: a topic that is, through its broader topics, broader than itself, or a note that continues itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter


def cycles(before: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Each cycle in `before`, which leads from an id to others, from its first id in alphabetical order, in a stable order."""
    remaining = {one: sorted(set(others)) for one, others in sorted(before.items())}
    while True:
        try:
            TopologicalSorter(remaining).prepare()
        except CycleError as error:
            # graphlib names each id before the one that it depends on, and the first one again at the end.
            cycle = tuple(reversed(error.args[1][1:]))
            first = cycle.index(min(cycle))
            cycle = cycle[first:] + cycle[:first]
            yield cycle
            remaining[cycle[0]].remove(cycle[1 % len(cycle)])
        else:
            return
