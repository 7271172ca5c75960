"""The workflow that GitHub runs is valid, safe and the same for this repository as for any other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from briefings import __version__
from briefings.cli import main as command_line
from briefings.deploy.workflow import REQUIREMENTS, WORKFLOW, requirements, workflow
from tests.kit.small_sites import PATIENCE, REPOSITORY, small_site, tree, write

POLICY = 'rules:\n  unpinned-uses:\n    config:\n      policies:\n        "actions/*": ref-pin\n        "*": hash-pin\n'
"""GitHub's own actions are pinned by their major version, as its documentation has it."""


def load(text: str) -> dict[str, Any]:
    # YAML 1.1 takes the key "on" for a truth value.
    found: dict[Any, Any] = yaml.safe_load(text)
    return {("on" if key is True else key): value for key, value in found.items()}


CASES = {
    "root": (".", "main"),
    "folder": ("sites/korea desk", "desk/next"),
    "odd branch": (".", "fix-#1-'quoted'"),
    "signs": (".", "!next+1"),
}


@pytest.mark.parametrize("case", CASES)
def test_linters_find_nothing(case: str, tmp_path: Path) -> None:
    file = tmp_path / ".github/workflows/pages.yml"
    file.parent.mkdir(parents=True)
    file.write_text(workflow(*CASES[case]), encoding="utf-8")
    lint(file, tmp_path)


def lint(file: Path, tmp_path: Path) -> None:
    """Let the linters of workflows look at a file, in which they must find nothing."""
    policy = tmp_path / "zizmor.yml"
    policy.write_text(POLICY, encoding="utf-8")
    scripts = Path(sys.executable).parent
    for command in (
        [scripts / "zizmor", "--offline", "--no-progress", "--persona", "pedantic", "--config", policy, file],
        [scripts / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", file],
    ):
        done = subprocess.run(list(map(str, command)), cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE)
        assert done.returncode == 0, done.stdout + done.stderr


OWN_WORKFLOWS = ("tests", "release")


@pytest.mark.parametrize("name", OWN_WORKFLOWS)
def test_linters_find_nothing_in_those_of_this_repository(name: str, tmp_path: Path) -> None:
    file = write(tmp_path, {".github/workflows/own.yml": (REPOSITORY / f".github/workflows/{name}.yml").read_bytes()}) / WORKFLOW
    lint(file.with_name("own.yml"), tmp_path)


def test_this_repository_has_it() -> None:
    assert (REPOSITORY / WORKFLOW).read_text(encoding="utf-8") == workflow(".", "main")
    assert "." in (REPOSITORY / REQUIREMENTS).read_text(encoding="utf-8").splitlines()


def test_it_has_no_more_rights_than_it_needs() -> None:
    found = load(workflow(".", "main"))
    assert found["permissions"] == {}
    build, publish = found["jobs"]["build"], found["jobs"]["publish"]
    assert build["permissions"] == {"contents": "read", "pages": "read"}
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert publish["needs"] == "build"
    # Beside these rights, nothing runs but what GitHub made and one line.
    assert [step["run"] for step in publish["steps"] if "run" in step] == ['echo "$NOW" > .published-at']


def test_it_checks_and_audits_before_it_hands_over() -> None:
    steps = load(workflow(".", "main"))["jobs"]["build"]["steps"]
    told = " ".join(step.get("run", step.get("uses", "")) for step in steps)
    order = ["briefings check", "briefings build", "briefings audit", "actions/upload-pages-artifact"]
    assert [told.index(one) for one in order] == sorted(told.index(one) for one in order)


def test_every_action_is_of_github_and_pinned_by_its_major_version() -> None:
    used = re.findall(r"uses: (\S+)", workflow(".", "main"))
    assert len(used) == 9
    assert all(re.fullmatch(r"actions/[\w/-]+@v\d+", one) for one in used)


def test_it_runs_off_the_full_hour_and_catches_up() -> None:
    hourly, daily = (one["cron"] for one in load(workflow(".", "main"))["on"]["schedule"])
    assert re.fullmatch(r"[1-9]\d? \* \* \* \*", hourly)
    assert re.fullmatch(r"[1-9]\d? \d+ \* \* \*", daily)


def _decide(folder: Path, event: str, schedule: str, published_at: str | None, due: str) -> str:
    """What the step that decides says, with a `briefings` that gives this as what is due next."""
    (step,) = (s for s in load(workflow(".", "main"))["jobs"]["build"]["steps"] if s.get("id") == "decide")
    program = folder / "bin/briefings"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{due}'\n", encoding="utf-8")
    program.chmod(0o755)
    jq = folder / "bin/jq"
    jq.write_text(
        f"#!{sys.executable}\nimport json, sys\nassert sys.argv[1:] == ['--raw-output', '.[0].at // empty']\n"
        "for one in json.load(sys.stdin)[:1]: print(one['at'])\n",
        encoding="utf-8",
    )
    jq.chmod(0o755)
    # The site may lie in a folder of the repository, which is where the step runs.
    (folder / "desk").mkdir()
    if published_at is not None:
        (folder / ".published-at").write_text(published_at, encoding="utf-8")
    output = folder / "output"
    ours = {"EVENT": event, "SCHEDULE": schedule, "GITHUB_OUTPUT": str(output), "GITHUB_WORKSPACE": str(folder)}
    environment = {"PATH": f"{program.parent}:/usr/bin:/bin", **ours}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    subprocess.run(command, cwd=folder / "desk", env=environment, check=True, timeout=PATIENCE)
    return output.read_text(encoding="utf-8").strip()


PAST, FUTURE = json.dumps([{"at": "2018-01-01T12:00:00+00:00"}]), json.dumps([{"at": "2999-01-01T12:00:00+00:00"}])


@pytest.mark.parametrize(
    ("event", "schedule", "published_at", "due", "publish"),
    [
        ("push", "", None, "[]", True),
        ("push", "", "2017-12-01T00:00:00Z", FUTURE, True),
        ("pull_request", "", None, PAST, False),
        ("workflow_dispatch", "", "2017-12-01T00:00:00Z", "[]", True),
        ("schedule", "17 * * * *", "2017-12-01T00:00:00Z", PAST, True),
        ("schedule", "17 * * * *", "2017-12-01T00:00:00Z", FUTURE, False),
        ("schedule", "17 * * * *", "2017-12-01T00:00:00Z", "[]", False),
        ("schedule", "17 * * * *", None, "[]", True),
        ("schedule", "43 4 * * *", "2017-12-01T00:00:00Z", "[]", True),
    ],
)
def test_when_it_publishes(event: str, schedule: str, published_at: str | None, due: str, publish: bool, tmp_path: Path) -> None:
    assert _decide(tmp_path, event, schedule, published_at, due) == f"publish={str(publish).lower()}"


def test_an_instant_is_remembered_only_once_the_site_is_published() -> None:
    """Otherwise what was due is due no more after a run that could not publish it."""
    jobs = load(workflow("desk", "main"))["jobs"]
    build, publish = jobs["build"], jobs["publish"]["steps"]
    names = [step.get("uses", step.get("run", "")).partition("@")[0] for step in publish]
    assert names == ["actions/deploy-pages", "actions/deploy-pages", 'echo "$NOW" > .published-at', "actions/cache/save"]
    # If the second try fails as well, nothing after it runs.
    assert not any("if" in step or "continue-on-error" in step for step in publish[2:])
    assert publish[2]["env"] == {"NOW": "${{ needs.build.outputs.now }}"}
    # There is no folder of the site in that job.
    assert publish[2]["working-directory"] == "."
    assert build["outputs"]["now"] == "${{ steps.build.outputs.now }}"
    kept = publish[3]["with"]
    caches = [step["with"] for step in build["steps"] if step.get("uses", "").startswith("actions/cache/")]
    (restored,) = (one for one in caches if one["path"] == kept["path"])
    assert restored["key"] == kept["key"]
    assert kept["key"].startswith(restored["restore-keys"])
    assert not any(one["key"].startswith(restored["restore-keys"]) for one in caches if one is not restored)


PATTERNS = {"main": "main", "desk/next": "desk/next", "release+1": r"release\+1", "!x": r"\!x", "a!b": "a!b", "a]b": r"a\]b"}


@pytest.mark.parametrize("branch", PATTERNS)
def test_the_name_of_a_branch_is_no_pattern(branch: str) -> None:
    assert load(workflow(".", branch))["on"]["push"]["branches"] == [PATTERNS[branch]]


OWN = f"briefings=={__version__}\n"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ORIGINS: dict[str, tuple[object, str]] = {
    "a package index": (None, OWN),
    "a folder": ({"url": "file:///src/briefings", "dir_info": {"editable": True}}, OWN),
    "an archive": ({"url": "https://git.example/briefings.zip", "archive_info": {}}, OWN),
    "a repository": (
        {"url": "https://git.example/briefings.git", "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": COMMIT}},
        f"briefings @ git+https://git.example/briefings.git@{COMMIT}\n",
    ),
    "a folder of a repository": (
        {"url": "ssh://git@git.example/all.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}, "subdirectory": "tools/briefings"},
        f"briefings @ git+ssh://git@git.example/all.git@{COMMIT}#subdirectory=tools/briefings\n",
    ),
    "a repository on this machine": ({"url": "file:///src/briefings.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, OWN),
    "something else": ({"url": 1}, OWN),
}
"""What installers note about where a package came from, and what is then to be installed."""


@pytest.mark.parametrize("name", ORIGINS)
def test_what_the_workflow_installs(name: str) -> None:
    origin, told = ORIGINS[name]
    assert requirements("" if origin is None else json.dumps(origin)) == told
    assert Requirement(told.strip()).name == "briefings"


def test_the_schedules_are_those_that_the_step_knows() -> None:
    hourly = load(workflow(".", "main"))["on"]["schedule"][0]["cron"]
    assert f'"{hourly}"' in workflow(".", "main").partition("Decide")[2]


def test_new_workflow_writes_it_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet", "--initial-branch=trunk", str(tmp_path)], check=True)
    site = small_site(tmp_path / "desk")
    monkeypatch.chdir(site)
    assert command_line.run(["new", "workflow"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [str(tmp_path / WORKFLOW), str(tmp_path / REQUIREMENTS)]
    assert err.startswith(f"The workflow installs what {REQUIREMENTS} names, and GitHub must be able to install that: {OWN.strip()}. Until")
    assert (tmp_path / WORKFLOW).read_text(encoding="utf-8") == workflow("desk", "trunk")
    assert (tmp_path / REQUIREMENTS).read_text(encoding="utf-8") == OWN
    before = tree(tmp_path)
    assert command_line.run(["new", "workflow", "--branch", "main"]) == 2
    assert "exists" in capsys.readouterr().err
    assert tree(tmp_path) == before
    assert command_line.run(["new", "workflow", "--branch", "a b"]) == 2
    capsys.readouterr()
    (tmp_path / WORKFLOW).unlink()
    assert command_line.run(["new", "workflow"]) == 0
    told = "GitHub must be able to install that: it was there already; see that it names briefings"
    assert capsys.readouterr().err == f"The workflow installs what {REQUIREMENTS} names, and {told}\n"


@pytest.mark.parametrize(
    ("files", "fetched"),
    [
        ({}, {}),
        ({".gitattributes": "*.md text\n"}, {}),
        ({".gitattributes": "*.mp4 filter=lfs diff=lfs merge=lfs -text\n"}, {"lfs": True}),
        ({"desk/content/assets/.gitattributes": "*.mp4 filter=lfs\n"}, {"lfs": True}),
        ({".gitmodules": '[submodule "x"]\n', "desk/.gitattributes": "*.pdf filter=lfs\n"}, {"lfs": True, "submodules": True}),
    ],
)
def test_new_workflow_has_all_fetched_that_the_repository_keeps_elsewhere(
    files: dict[str, str], fetched: dict[str, bool], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    site = small_site(tmp_path / "desk")
    write(tmp_path, files)
    assert command_line.run(["new", "workflow", "--site", str(site)]) == 0
    (checkout, *_) = load((tmp_path / WORKFLOW).read_text(encoding="utf-8"))["jobs"]["build"]["steps"]
    assert checkout["with"] == {"persist-credentials": False, **fetched}
    capsys.readouterr()
    lint(tmp_path / WORKFLOW, tmp_path)


def test_a_deployment_that_fails_is_tried_once_more() -> None:
    first, again, *_ = load(workflow(".", "main"))["jobs"]["publish"]["steps"]
    assert first["continue-on-error"] is True
    assert again["if"] == f"steps.{first['id']}.outcome != 'success'"
    assert again["uses"] == first["uses"]
    assert "continue-on-error" not in again


@pytest.mark.parametrize(
    ("answer", "ended", "source", "printed"),
    [
        ("echo workflow", 0, "source=workflow\n", ""),
        ("echo legacy", 0, "source=legacy\n", "::notice::Not published"),
        ("echo 'gh: Not Found (HTTP 404)' >&2; exit 1", 0, "", "::notice::Not published"),
        ("echo 'gh: Server Error (HTTP 502)' >&2; exit 1", 1, "", "::error::GitHub does not say whether Pages is on: gh: Server Error"),
    ],
)
def test_a_repository_without_pages_is_told_what_to_switch_on(answer: str, ended: int, source: str, printed: str, tmp_path: Path) -> None:
    """And a failure of another kind is not taken for it."""
    build = load(workflow(".", "main"))["jobs"]["build"]
    steps = {step.get("id") or step.get("name"): step for step in build["steps"]}
    asked, output = tmp_path / "gh", tmp_path / "output"
    asked.write_text(f"#!/bin/sh\n{answer}\n")
    asked.chmod(0o755)
    output.touch()
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "GITHUB_REPOSITORY": "desk/site",
        "GITHUB_OUTPUT": str(output),
    }
    done = subprocess.run(["bash", "-e", "-c", steps["pages"]["run"]], env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, output.read_text(encoding="utf-8")) == (ended, source)
    assert done.stdout.startswith(printed)
    assert bool(done.stdout) is bool(printed)
    for condition in (build["outputs"]["publish"], steps["Hand the site over"]["if"]):
        assert "steps.pages.outputs.source == 'workflow'" in condition


def test_it_warns_before_the_site_is_too_large(tmp_path: Path) -> None:
    site = tmp_path / "_site"
    site.mkdir()
    step = next(s for s in load(workflow(".", "main"))["jobs"]["build"]["steps"] if "SITE" in s.get("env", {}))
    for size, told in ((89_000_000, []), (99_000_000, ["film.mp4"]), (950_000_000, ["film.mp4", "951 MB"])):
        with (site / "film.mp4").open("wb") as film:
            film.truncate(size)
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=tmp_path, env={**os.environ, **step["env"]}, capture_output=True, check=True
        )
        lines = done.stdout.decode().splitlines()
        assert [word in line for word, line in zip(told, lines, strict=True)] == [True] * len(told)


def test_it_names_no_host() -> None:
    assert not re.search(r"https?://|\.(?:org|com|io)\b", workflow(".", "main"))
