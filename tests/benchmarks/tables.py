"""From measurements to tables: medians, and ratios to the generator that the others are held against."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tests.benchmarks.generators import GENERATORS
from tests.benchmarks.measure import Measured
from tests.benchmarks.rounds import MODES, Result

AGAINST = "hugo"
"""The generator that ratios are to."""
_LABELS = {generator.key: generator.label for generator in GENERATORS}


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
    """All results as one table of the guide: a row for each kind of work, a column for each generator."""
    keys = list(results[0].runs)
    rows = [["Work", "Notes", *(_LABELS[key] for key in keys)], ["---", "---:", *("---:" for _ in keys)]]
    for result in results:
        notes = f"{result.notes:,}"
        rows.append([MODES[result.mode], notes, *(_cell(result, key, "wall", "{:.2f} s") for key in keys)])
        if result.mode == "cold":
            rows.append(["Memory, nothing built before", notes, *(_cell(result, key, "peak", "{:.0f} MiB") for key in keys)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(result: Result, key: str, of: str, form: str) -> str:
    compared = ratios(result, key, of)
    figure = form.format(median(result.runs[key], of))
    return f"{figure} (× {compared[1]:.2g})" if compared and key != AGAINST else figure
