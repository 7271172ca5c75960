"""Run the Nu HTML checker, which `make nu` installs, on a folder of pages."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from tests.kit.small_sites import PATIENCE, REPOSITORY

JAR = REPOSITORY / ".venv/nu/node_modules/vnu-jar/build/dist/vnu.jar"


def missing() -> str:
    """Return why the checker cannot run; empty when it can."""
    if not shutil.which("java"):
        return "there is no Java"
    return "" if JAR.is_file() else "the Nu HTML checker is not installed; see `make nu`"


def messages(folder: Path) -> list[str]:
    """Return all messages about the pages and drawings below `folder`, without mere advice."""
    options = ["--errors-only", "--also-check-svg", "--skip-non-html", "--exit-zero-always", "--format", "json"]
    # To compile it all well takes Java longer than to check so few pages.
    machine = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m"]
    command = ["java", *machine, "-jar", str(JAR), *options, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=10 * PATIENCE)
    found = json.loads(done.stderr or done.stdout)["messages"]
    return [f"{m.get('url', '')}:{m.get('lastLine', 0)}: {m['message']}" for m in found]
