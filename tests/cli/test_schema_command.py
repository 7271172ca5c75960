"""`briefings schema` prints schemas that other programs can use, and every field that an author or a theme may use has a meaning."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from briefings.cli.main import run
from briefings.cli.record_files import SCHEMA_KINDS
from tests.kit.small_sites import REPOSITORY


@pytest.mark.parametrize("kind", SCHEMA_KINDS)
def test_schema_is_valid(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", kind]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_unknown_kind_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "nots"]) == 2
    assert "'note'" in capsys.readouterr().err


def unexplained(schema: Any, where: str = "") -> Iterator[str]:
    """The properties, at any depth, that say nothing of themselves."""
    if isinstance(schema, list):
        for item in schema:
            yield from unexplained(item, where)
    elif isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            if not value.get("description"):
                yield f"{where}.{name}"
        for name, value in schema.items():
            yield from unexplained(value, f"{where}.{name}")


@pytest.mark.parametrize("kind", SCHEMA_KINDS)
def test_every_field_of_a_schema_has_a_meaning(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", kind]) == 0
    assert list(unexplained(json.loads(capsys.readouterr().out))) == []


def test_every_row_of_the_theme_reference_has_a_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["theme", "reference"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) > 200
    assert [row for row in rows if row.endswith("|  |")] == []
    assert [line for line in lines if line.startswith("- `") and line.endswith(":")] == []


@pytest.mark.parametrize("arguments", [("schema", "note"), ("schema", "site"), ("schema", "note", "--document"), ("theme", "reference")])
def test_it_is_the_same_where_python_forgets_docstrings(arguments: tuple[str, ...]) -> None:
    """As with `PYTHONOPTIMIZE=2`."""
    kept, forgotten = (
        subprocess.run([sys.executable, *options, "-m", "briefings", *arguments], cwd=REPOSITORY, capture_output=True, check=True).stdout
        for options in ((), ("-OO",))
    )
    assert forgotten == kept
