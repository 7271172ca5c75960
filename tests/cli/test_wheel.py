"""The wheel is all that a machine needs: installed into an empty environment, it begins and builds a site."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.kit.small_sites import REPOSITORY

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE", "COV_"))}


def call(*command: str | Path, cwd: Path) -> str:
    """Run a program, which must succeed, away from this repository's own modules."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, REPOSITORY, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"briefings/py.typed", "briefings/themes/folio/theme.yaml", "briefings/themes/wire/theme.yaml"} <= set(names)
    assert {f"briefings/serve/client/{name}" for name in ("live.js", "live.css", "panel.html")} <= set(names)
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"briefings"}

    # A pip of its own, and bytecode for all that it installs, would take longer than everything else.
    call(sys.executable, "-m", "venv", "--without-pip", "empty", cwd=tmp_path)
    scripts = tmp_path / "empty" / "bin"
    install = (
        sys.executable,
        "-m",
        "pip",
        "--python",
        scripts / "python",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
    )
    call(*install, "--constraint", REPOSITORY / "constraints.txt", wheel, cwd=tmp_path)

    call(scripts / "briefings", "new", "site", "x", cwd=tmp_path)
    summary = call(scripts / "briefings", "build", "--site", "x", cwd=tmp_path)
    assert summary.startswith("Built 3 notes, 2 topics, 3 actors: ")
    assert "no warnings" in summary
    site = tmp_path / "x" / "_site"
    for page in ("index.html", "404.html", "notes/what-the-closure-changes/index.html", "actors/ada-lind/index.html", "about/index.html"):
        assert "<!doctype html>" in (site / page).read_text(encoding="utf-8").lower()[:100]
    assert (site / "theme" / "folio.css").stat().st_size > 1000

    reference = call(scripts / "briefings", "theme", "reference", cwd=tmp_path)
    assert "The newest note." in reference  # field docs are read from sources, which the wheel must hold
