"""`briefings schema` prints schemas that other programs can use."""

from __future__ import annotations

import json

import jsonschema
import pytest

from briefings.cli.main import run
from briefings.cli.record_files import SCHEMAS


@pytest.mark.parametrize("kind", SCHEMAS)
def test_schema_is_valid(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", kind]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_unknown_kind_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "nots"]) == 2
    assert "'note'" in capsys.readouterr().err
