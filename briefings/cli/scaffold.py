"""The files of a new site: an example that comes with the program, with the desk's name and today's dates."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from briefings.cli.record_files import SCHEMA_KINDS, modeline, scalar
from briefings.content.schema.json_schema import json_schema

_PLACES = {"gitignore": ".gitignore", "vscode": ".vscode"}
"""Names of dot-files, which have plain names in the program, so that its own tools do not read them."""
_DAYS_AGO = {"situation-in-the-channel": 0, "what-the-closure-changes": 1, "port-authority-closes-north-channel": 2}
"""How many days before today each example note is dated."""


def starter(title: str, today: dt.date) -> dict[str, str]:
    """Return the files of a new site: path from its folder to text. The example's notes are dated `today` and the two days before."""
    days = [today - dt.timedelta(days=n) for n in range(3)]
    words = {"title": title, "title_yaml": scalar(title)} | {f"day{n}": day.isoformat() for n, day in enumerate(days)}
    site = {}
    for path, text in _walk(files("briefings.cli") / "starter"):
        place = _note_place(path, days)
        content = Template(text).substitute(words)
        site[place] = modeline(place) + content if place.endswith(".yaml") else content
    for kind in SCHEMA_KINDS:
        site[f".schemas/{kind}.json"] = json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"
    return dict(sorted(site.items()))


def write_site(folder: Path, site: dict[str, str]) -> None:
    """Write the files of a new site below `folder`. Raises FileExistsError rather than overwrite one."""
    for path, text in site.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)


def _walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        path = prefix + _PLACES.get(entry.name, entry.name)
        if entry.is_dir():
            yield from _walk(entry, path + "/")
        else:
            yield path, entry.read_text(encoding="utf-8")


def _note_place(path: str, days: list[dt.date]) -> str:
    """Return the path of an example file: notes are sorted by year, with month and day in the name."""
    name = path.removeprefix("content/notes/")
    if name == path:
        return path
    return f"content/notes/{days[_DAYS_AGO[name.removesuffix('.md')]]:%Y/%m-%d}-{name}"
