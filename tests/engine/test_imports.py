"""What a build that finds nothing changed loads: little, because it should take no time. The list of modules is tested, not the time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.kit.small_sites import REPOSITORY, small_site

HEAVY = frozenset(
    {
        "asyncio",
        "babel",
        "dask",
        "distributed",
        "http",
        "imagesize",
        "jinja2",
        "logging",
        "markdown_it",
        "markupsafe",
        "mdit_py_plugins",
        "multiprocessing",
        "nh3",
        "pygments",
        "rich",
        "socket",
        "tzdata",
        "unittest",
        "urllib.request",
        "yaml",
        "zoneinfo",
    }
)
"""What reads, links, renders or shows; none of it is needed to see that nothing has changed."""

OURS = frozenset(
    {
        "briefings.engine.build",
        "briefings.engine.cache",
        "briefings.publication.disk",
        "briefings.engine.lock",
        "briefings.publication.tree",
        "briefings.engine.api",
        "briefings.executors.failures",
        "briefings.executors.program",
        "briefings.engine.scan",
        "briefings.engine.state",
        "briefings.pages.site_plan",
        "briefings.core.diagnostics",
        "briefings.core.digests",
        "briefings.core.excerpt",
        "briefings.rendering.builtin",
        "briefings.rendering.template_state",
        "briefings.core.text",
    }
)
"""What it does need of the program, besides the command line."""

CODE = """
import sys
from briefings.cli.main import run
code = run(["build", "--jobs", "2"])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""


def modules(site: Path) -> set[str]:
    """What one build in a new process has loaded at its end."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", CODE], cwd=site, env=environment, capture_output=True, encoding="utf-8", check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_a_build_without_a_change_loads_nothing_heavy(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    first = modules(site)
    assert {"jinja2", "markdown_it", "yaml"} <= first
    assert not {"dask", "distributed"} & first
    loaded = modules(site)
    assert not loaded & HEAVY
    ours = {name for name in loaded if name.startswith("briefings.") and not name.startswith("briefings.cli")}
    packages = {name for name in ours if any(other.startswith(f"{name}.") for other in ours)}
    assert ours - packages <= OURS
