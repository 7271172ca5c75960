"""From measurements to tables: medians, and ratios to the generator that the others are held against."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from tests.benchmarks.generators import GENERATORS
from tests.benchmarks.measure import Measured
from tests.benchmarks.rounds import MODES, Result

AGAINST = "hugo"
"""The generator that ratios are to."""
_LABELS = {generator.key: generator.label for generator in GENERATORS}
_COLUMNS = {key: label.removeprefix("briefings, ").capitalize() for key, label in _LABELS.items()}


def median(runs: Sequence[Measured], of: str) -> float:
    """The median of one of the three figures."""
    return float(statistics.median(getattr(run, of) for run in runs))


def ratios(result: Result, key: str, of: str = "wall") -> tuple[float, float, float] | None:
    """Smallest, median and largest of the rounds' ratios to Hugo, each to Hugo's build of the same round; None without Hugo."""
    if AGAINST not in result.runs:
        return None
    pairs = zip(result.runs[key], result.runs[AGAINST], strict=True)
    found = sorted(getattr(ours, of) / getattr(theirs, of) for ours, theirs in pairs)
    return found[0], statistics.median(found), found[-1]


def terminal(result: Result) -> str:
    """One kind of work, a line for each generator."""
    rounds = len(next(iter(result.runs.values())))
    counted = f"median of {rounds} rounds" if rounds > 1 else "one round"
    lines = [
        f"{MODES[result.mode]}, {result.notes:,} notes ({counted})",
        f"  {'':26}{'wall':>10}{'CPU':>10}{'peak':>10}{'files':>9}   {'times Hugo (range)' if AGAINST in result.runs else ''}".rstrip(),
    ]
    for key, runs in result.runs.items():
        wall, cpu, peak = (median(runs, of) for of in ("wall", "cpu", "peak"))
        ratio = ""
        if key != AGAINST and (walls := ratios(result, key)) and (cpus := ratios(result, key, "cpu")):
            ratio = f"{walls[1]:.3f} ({walls[0]:.3f} to {walls[2]:.3f}), in CPU {cpus[1]:.3f}"
        line = f"  {_LABELS[key]:26}{wall:>8.3f} s{cpu:>8.3f} s{peak:>6.0f} MiB{result.files[key]:>9,}   {ratio}"
        lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def markdown(results: Sequence[Result]) -> str:
    """All results as tables of the guide, narrow enough for a phone: for each number of notes one of figures and one of ratios."""
    tables = []
    for notes in dict.fromkeys(result.notes for result in results):
        of_size = [result for result in results if result.notes == notes]
        tables.append(_table(f"{notes:,} notes", of_size, _figure))
        if AGAINST in of_size[0].runs:
            tables.append(_table(f"{notes:,} notes, times Hugo", of_size, _ratio))
    return "\n".join(tables)


def _table(corner: str, results: Sequence[Result], cell: Callable[[Result, str, str], str]) -> str:
    """A row for each kind of work, and one for memory; a column for each generator."""
    keys = list(results[0].runs)
    rows = [[corner, *(_COLUMNS[key] for key in keys)], ["---", *("---:" for _ in keys)]]
    rows += ([MODES[result.mode], *(cell(result, key, "wall") for key in keys)] for result in results)
    rows += (["Memory, nothing built before", *(cell(result, key, "peak") for key in keys)] for result in results if result.mode == "cold")
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _figure(result: Result, key: str, of: str) -> str:
    value = median(result.runs[key], of)
    return f"{value:.2f}\N{NO-BREAK SPACE}s" if of == "wall" else f"{value:.0f}\N{NO-BREAK SPACE}MiB"


def _ratio(result: Result, key: str, of: str) -> str:
    compared = ratios(result, key, of)
    return f"{compared[1]:.2g}" if compared else ""
