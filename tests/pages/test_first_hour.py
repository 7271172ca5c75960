"""The guide's tutorial: typed as it stands, each command works, each file is right, and each output is what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.kit.small_sites import REPOSITORY

TUTORIAL = (REPOSITORY / "content/pages/guide-first-hour.md").read_text(encoding="utf-8")

_STEP = re.compile(r"(?:In `(content/[^`]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ELSEWHERE = ("briefings serve", "git push", "git remote")
"""How commands begin that need a browser or a network."""


def _typed(line: str, folder: Path) -> tuple[int, str]:
    """Exit code and output of a line that somebody types in `folder`."""
    program = f'briefings() {{ "{sys.executable}" -m briefings "$@"; }}; {line}'
    environment = os.environ | {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "COLUMNS": "140"}
    environment |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(["bash", "-c", program], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_first_hour_goes_as_it_is_told(tmp_path: Path) -> None:
    folder, said = tmp_path, ""
    audited = False
    for path, language, text in _STEP.findall(TUTORIAL):
        if path:
            (folder / path).write_text(text, encoding="utf-8")
        elif language == "text":
            assert all(line in said for line in text.rstrip("\n").splitlines()), said
        for line in text.splitlines() if language == "sh" else ():
            if line.startswith("cd "):
                folder /= line.removeprefix("cd ")
            elif not line.startswith(_ELSEWHERE):
                code, said = _typed(line, folder)
                # The one mistake that it makes on purpose.
                assert code == (1 if "source:port-bulletin" in said else 0), f"{line}\n{said}"
                audited = audited or (line == "briefings audit" and said.startswith("Clean") and "1 withheld record" in said)

    assert audited
    code, said = _typed("briefings build", folder)
    assert (code, "no warnings" in said) == (0, True), said
    pages = {page.parent.name: page.read_text(encoding="utf-8") for page in folder.glob("_site/notes/*-*/index.html")}
    assert "44,000 tonnes" in pages["council-raises-the-herring-quota"]
    assert "was of last year" in pages["fleet-stays-in-port"]
    assert "Fleet stays in port" not in "".join(pages.values())
    assert not [path for path in (folder / "_site").rglob("*") if path.is_file() and b"go-to-court" in path.read_bytes()]


def test_the_note_of_the_readme_belongs_to_a_new_site(tmp_path: Path) -> None:
    assert _typed("briefings new site desk", tmp_path)[0] == 0
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```markdown\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    (tmp_path / "desk/content/notes/dredging-begins.md").write_text(example, encoding="utf-8")
    code, said = _typed("briefings build", tmp_path / "desk")
    assert (code, "no warnings" in said) == (0, True), said
