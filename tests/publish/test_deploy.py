"""A deployment puts one commit with the built site on a branch of a real repository, and touches nothing else."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from briefings.audit import audit as publish_audit
from briefings.cli import main as command_line
from briefings.deploy import deploy as publish_deploy
from briefings.deploy import limits
from briefings.deploy.deploy import DeployError, refuse_tree
from briefings.deploy.git import masked
from briefings.deploy.limits import excesses
from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from briefings.engine.lock import locked
from briefings.publication.disk import Disk
from briefings.publication.journal import reserved
from briefings.publication.tree import MANIFEST, STAGING
from tests.kit.crawl import Client, crawl
from tests.kit.faulty import cut_short
from tests.kit.pages_server import serve_pages
from tests.kit.small_sites import PATIENCE, REPOSITORY, example_site, note, small_site, tree, write

NOW = "2018-01-01T12:00:00Z"
LATER = "Ratification of the harbour treaty slips into the second quarter, say three delegates."
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "PYTHONPATH": str(REPOSITORY),
    "PYTHONUTF8": "1",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def git(folder: Path, *arguments: str, data: bytes = b"") -> str:
    """What a git command prints, which must succeed."""
    done = subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, input=data, capture_output=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, ENVIRONMENT[name])


def bare(folder: Path, algorithm: str = "sha1") -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet", "--bare", f"--object-format={algorithm}", "--initial-branch=main")
    return folder


def repository(folder: Path, remote: Path, files: Mapping[str, str | bytes | None] | None = None, algorithm: str = "sha1") -> Path:
    """The small site in a repository with one commit and a remote."""
    small_site(folder, {".gitignore": "/_site/\n/.briefings/\n", **(files or {})})
    git(folder, "init", "--quiet", f"--object-format={algorithm}", "--initial-branch=main")
    with (folder / ".git/config").open("a", encoding="utf-8") as config:
        config.write("[user]\n\tname = Ada Lind\n\temail = ada@desk.example\n")
        config.write(f'[remote "origin"]\n\turl = {remote}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n')
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare(tmp_path / "remote.git")


@pytest.fixture
def desk(tmp_path: Path, remote: Path) -> Path:
    return repository(tmp_path / "desk", remote)


@pytest.fixture
def deploy(desk: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """A function that deploys the desk's site, and gives the exit code and what was printed."""

    def call(*arguments: str, site: Path = desk) -> tuple[int, str, str]:
        code = command_line.run(["deploy", "--site", str(site), "--now", NOW, "--yes", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


Deploy = Callable[..., tuple[int, str, str]]


def head(remote: Path, branch: str = "gh-pages") -> str:
    """The commit of a branch; empty when there is no such branch."""
    listed = git(remote, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
    return listed.strip()


def published(remote: Path, branch: str = "gh-pages") -> dict[str, bytes]:
    """The files of a branch."""
    names = {}
    for row in git(remote, "ls-tree", "-r", "-z", branch).split("\0"):
        if row:
            about, path = row.split("\t")
            assert about.split()[0] == "100644"
            names[path] = about.split()[2]
    # Of each object there is a line that says how long it is, and then it and the end of a line.
    files, rest = {}, io.BytesIO(_objects(remote, "\n".join(names.values()).encode()))
    for path, name in names.items():
        found, kind, size = rest.readline().decode().split()
        assert (found, kind) == (name, "blob")
        files[path] = rest.read(int(size))
        rest.read(1)
    return files


def reachable(remote: Path) -> bytes:
    """Every object that a branch of the repository leads to, one after another."""
    names = "\n".join(row.split(" ")[0] for row in git(remote, "rev-list", "--objects", "--all").splitlines())
    return _objects(remote, names.encode())


def _objects(remote: Path, names: bytes, *more: str) -> bytes:
    return subprocess.run(["git", "cat-file", "--batch", *more], cwd=remote, input=names, capture_output=True, check=True).stdout


def everything(folder: Path) -> dict[str, object]:
    """All that a person has in a repository: what must be the same after a deployment."""
    git_folder = Path(git(folder, "rev-parse", "--absolute-git-dir").strip())
    common = Path(git(folder, "rev-parse", "--path-format=absolute", "--git-common-dir").strip())
    files = {p: data for p, data in tree(folder).items() if not p.startswith((".git/", "_site/", ".briefings/"))}
    kinds = ("heads", "tags", "stash", "replace", "notes")
    refs = git(folder, "for-each-ref", "--format=%(refname) %(objectname)", *(f"refs/{kind}" for kind in kinds))
    index = git_folder / "index"
    return {
        "files": files,
        "refs": refs,
        "head": (git_folder / "HEAD").read_bytes(),
        "index": index.read_bytes() if index.exists() else b"",
        "logs": tree(common / "logs") if (common / "logs").exists() else {},
        "config": (common / "config").read_bytes(),
        "shallow": (common / "shallow").exists(),
        "fetched": (git_folder / "FETCH_HEAD").exists(),
        "locks": [str(p) for p in common.rglob("*.lock")],
        "ours": [p for p in tree(folder / ".briefings") if "deploy" in p],
    }


def test_the_first_deployment(deploy: Deploy, desk: Path, remote: Path) -> None:
    before = everything(desk)
    code, out, err = deploy()
    assert (code, err) == (0, "")
    assert "Published" in out
    assert out.rstrip().endswith("→ https://desk.example.org/briefings/")
    assert published(remote) == {**tree(desk / "_site"), ".nojekyll": b""}
    assert git(remote, "rev-list", "--count", "gh-pages").strip() == "1"
    assert git(remote, "log", "-1", "--format=%an <%ae> %ct", "gh-pages").strip() == "briefings <briefings@localhost> 1514808000"
    assert everything(desk) == before


def test_nothing_to_do(deploy: Deploy, remote: Path, desk: Path) -> None:
    deploy()
    first, before = head(remote), everything(desk)
    code, out, err = deploy()
    assert (code, err) == (0, "")
    assert "Nothing to do: origin/gh-pages holds this site already." in out
    assert head(remote) == first
    assert everything(desk) == before


def test_a_change_is_one_new_commit_without_a_past(deploy: Deploy, desk: Path, remote: Path) -> None:
    deploy()
    write(desk, {"content/notes/b.md": note("Another note")})
    code, out, _ = deploy()
    assert code == 0
    assert "  + notes/b/index.html" in out
    assert "  ~ index.html" in out
    assert published(remote) == {**tree(desk / "_site"), ".nojekyll": b""}
    assert git(remote, "rev-list", "--count", "gh-pages").strip() == "1"


def sent(remote: Path) -> list[int]:
    """How many objects each push has brought to a repository that keeps what it was sent."""
    return [len(git(remote, "show-index", data=index.read_bytes()).splitlines()) for index in remote.glob("objects/pack/*.idx")]


@pytest.mark.parametrize("history", [(), ("--keep-history",)])
def test_only_what_changed_is_sent(deploy: Deploy, desk: Path, remote: Path, history: tuple[str, ...]) -> None:
    """Though the new commit has no past, and so nothing in common with the old one as git sees it."""
    git(remote, "config", "receive.unpackLimit", "1")
    assert deploy(*history)[0] == 0
    (everything,) = sent(remote)
    assert everything > len(published(remote))
    path = desk / "content/notes/2017-12-15-un-offer.md"
    for _ in range(3):
        path.write_text(path.read_text(encoding="utf-8") + "\nOne more paragraph.\n", encoding="utf-8")
        assert deploy(*history)[0] == 0
    assert sum(sent(remote)) - everything < everything
    assert git(remote, "fsck", "--full", "--strict", "--no-dangling") == ""
    assert published(remote)["notes/un-offer/index.html"] == (desk / "_site/notes/un-offer/index.html").read_bytes()
    assert not list((desk / ".briefings").glob("deploy*"))


def test_a_dry_run_changes_nothing(deploy: Deploy, desk: Path, remote: Path) -> None:
    code, out, _ = deploy("--dry-run")
    assert code == 0
    assert out.endswith("Nothing was published: this was a dry run.\n")
    assert head(remote) == ""


def test_what_was_withdrawn_is_nowhere_in_the_branch(deploy: Deploy, desk: Path, remote: Path) -> None:
    write(desk, {"content/notes/b.md": note("Harbour treaty", body=LATER)})
    deploy()
    assert LATER.encode() in reachable(remote)
    write(desk, {"content/notes/b.md": note("Harbour treaty", body=LATER, draft="true")})
    code, out, _ = deploy("--removes", "1")
    assert code == 0
    assert out.splitlines()[2] == "1 note removed"
    assert "  - notes/b/index.html" in out
    assert LATER.encode() not in reachable(remote)
    assert b"Harbour treaty" not in reachable(remote)
    # The host may throw away what no branch leads to, and then it is gone.
    git(remote, "gc", "--quiet", "--prune=now")
    assert LATER.encode() not in _objects(remote, b"", "--batch-all-objects")


def test_history_is_kept_when_asked_for_and_goes_otherwise(deploy: Deploy, desk: Path, remote: Path) -> None:
    deploy()
    write(desk, {"content/notes/b.md": note("Another note")})
    assert deploy("--keep-history")[0] == 0
    assert git(remote, "rev-list", "--count", "gh-pages").strip() == "2"
    assert "Nothing to do" in deploy("--keep-history")[1]
    code, out, _ = deploy()
    assert code == 0
    assert "Older commits go" in out
    assert git(remote, "rev-list", "--count", "gh-pages").strip() == "1"


def test_the_same_site_gives_the_same_commit(deploy: Deploy, desk: Path, remote: Path, tmp_path: Path) -> None:
    deploy()
    other = bare(tmp_path / "other.git")
    git(desk, "remote", "add", "other", str(other))
    assert deploy("--remote", "other")[0] == 0
    assert head(other) == head(remote)


@pytest.mark.parametrize(
    ("url", "cname"),
    [
        ("https://desk.briefings.news/", b"desk.briefings.news\n"),
        ("https://DESK.briefings.news", b"desk.briefings.news\n"),
        ("https://bücher.news/", b"xn--bcher-kva.news\n"),
        ("https://desk.briefings.news/briefings/", None),
        ("https://ada.github.io/desk/", None),
        ("http://localhost/", None),
        ("http://127.0.0.1/", None),
    ],
)
def test_a_domain_of_its_own_is_told(url: str, cname: bytes | None, deploy: Deploy, desk: Path, remote: Path) -> None:
    write(desk, {"content/site.yaml": f"title: Desk\nurl: {url}\n"})
    assert deploy()[0] == 0
    assert published(remote).get("CNAME") == cname


def test_an_asset_that_is_called_like_the_domains_file_is_a_file_like_any_other(deploy: Deploy, desk: Path, remote: Path) -> None:
    write(desk, {"content/site.yaml": "title: Desk\nurl: https://desk.briefings.news/\n", "content/assets/CNAME": "other.example\n"})
    assert deploy()[0] == 0
    files = published(remote)
    assert (files["CNAME"], files["assets/CNAME"]) == (b"desk.briefings.news\n", b"other.example\n")


def _dirty(desk: Path) -> None:
    write(desk, {"content/topics/mediation.yaml": "name: Staged\n"})
    git(desk, "add", "--all")
    write(desk, {"content/topics/mediation.yaml": "name: Unstaged\n", "untracked.txt": "mine"})


def _stashed(desk: Path) -> None:
    write(desk, {"content/topics/mediation.yaml": "name: Stashed\n"})
    git(desk, "stash", "--quiet")


def _detached(desk: Path) -> None:
    git(desk, "checkout", "--quiet", "--detach")


def _hooked(desk: Path) -> None:
    hook = desk / ".git/hooks/post-commit"
    hook.write_text("#!/bin/sh\ntouch hooked\n", encoding="utf-8")
    hook.chmod(0o755)


STATES: Mapping[str, Callable[[Path], None]] = {"dirty": _dirty, "stashed": _stashed, "detached": _detached, "hooked": _hooked}


@pytest.mark.parametrize("state", STATES)
def test_the_repository_stays_as_it_was(state: str, deploy: Deploy, desk: Path, remote: Path, tmp_path: Path) -> None:
    # Somebody else has published before, so that the branch must also be fetched.
    other = repository(tmp_path / "other", remote, {"content/notes/b.md": note("Another note")})
    assert deploy(site=other)[0] == 0
    STATES[state](desk)
    before = everything(desk)
    assert deploy("--removes", "1")[0] == 0
    assert everything(desk) == before
    assert published(remote) == {**tree(desk / "_site"), ".nojekyll": b""}


def test_a_linked_working_tree_can_deploy(deploy: Deploy, desk: Path, remote: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(desk, "worktree", "add", "--quiet", str(linked))
    before = everything(linked), everything(desk)
    assert deploy(site=linked)[0] == 0
    assert (everything(linked), everything(desk)) == before
    assert deploy("--branch", "linked")[0] == 2


def test_a_repository_without_a_commit_can_deploy(deploy: Deploy, remote: Path, tmp_path: Path) -> None:
    site = small_site(tmp_path / "new")
    git(site, "init", "--quiet", "--initial-branch=main")
    git(site, "config", "user.name", "Ada Lind")
    git(site, "config", "user.email", "ada@desk.example")
    git(site, "remote", "add", "origin", str(remote))
    before = everything(site)
    assert deploy(site=site)[0] == 0
    assert everything(site) == before
    assert published(remote)["index.html"]


def test_a_site_in_a_folder_of_the_repository(deploy: Deploy, remote: Path, tmp_path: Path) -> None:
    above = repository(tmp_path / "above", remote)
    site = small_site(above / "desk")
    assert deploy(site=site)[0] == 0
    assert published(remote) == {**tree(site / "_site"), ".nojekyll": b""}


def test_a_repository_that_names_objects_by_sha256(deploy: Deploy, tmp_path: Path) -> None:
    remote = bare(tmp_path / "256.git", "sha256")
    site = repository(tmp_path / "site", remote, algorithm="sha256")
    assert deploy(site=site)[0] == 0
    assert published(remote) == {**tree(site / "_site"), ".nojekyll": b""}
    assert "Nothing to do" in deploy(site=site)[1]


def test_variables_of_a_hook_lead_nowhere(
    deploy: Deploy, desk: Path, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    assert deploy()[0] == 0
    monkeypatch.undo()
    assert published(remote)


REFUSED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "current branch": (("--branch", "main"), 'the branch "main" is checked out'),
    "HEAD": (("--branch", "HEAD"), "cannot be the name of a branch"),
    "option": (("--branch=--upload-pack=touch x",), "cannot be the name of a branch"),
    "short option": (("--branch=-x",), "cannot be the name of a branch"),
    "dots": (("--branch", "a..b"), "cannot be the name of a branch"),
    "space": (("--branch", "a b"), "cannot be the name of a branch"),
    "refspec": (("--branch", "+a:b"), "cannot be the name of a branch"),
    "line break": (("--branch", "a\nb"), "cannot be the name of a branch"),
    "control": (("--branch", "a\x1b[31mb"), "cannot be the name of a branch"),
    "empty": (("--branch", ""), "cannot be the name of a branch"),
    "at": (("--branch", "@{-1}"), "cannot be the name of a branch"),
    "no such remote": (("--remote", "upstream"), 'there is no remote "upstream"'),
    "remote option": (("--remote=--upload-pack=touch x",), "there is no remote"),
    "remote command": (("--remote", "ext::sh -c touch% x"), "there is no remote"),
    "remote path": (("--remote", "../remote.git"), "there is no remote"),
    "audience": (("--audience", "TLP:AMBER"), "TLP:AMBER is not for the public"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_and_wrong_names_are_refused(name: str, deploy: Deploy, desk: Path, remote: Path) -> None:
    arguments, message = REFUSED[name]
    before = everything(desk)
    code, out, err = deploy(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "\x1b" not in err
    assert head(remote) == ""
    assert everything(desk) == before
    assert not (desk / "x").exists()
    assert not (desk / "_site").exists()  # nothing was built for it


def test_a_private_host_may_have_more(deploy: Deploy, desk: Path, remote: Path) -> None:
    write(desk, {"content/notes/b.md": note("For a few", marking="TLP:AMBER")})
    assert deploy("--audience", "TLP:AMBER", "--private-host")[0] == 0
    assert "notes/b/index.html" in published(remote)


def test_a_foreign_branch_is_not_taken_over(deploy: Deploy, desk: Path, remote: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", "--initial-branch=gh-pages", str(other))
    git(other, "config", "user.name", "Eve")
    git(other, "config", "user.email", "eve@elsewhere.example")
    write(other, {"index.html": "Mine.", "docs/a.html": "Mine, too."})
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message", "By hand")
    git(other, "push", "--quiet", str(remote), "gh-pages")
    theirs = head(remote)

    code, _, err = deploy()
    assert code == 2
    assert "holds 2 files that briefings did not publish" in err
    assert head(remote) == theirs

    code, out, _ = deploy("--adopt")
    assert code == 0
    assert "  - docs/a.html" in out
    assert published(remote) == {**tree(desk / "_site"), ".nojekyll": b""}


def test_errors_in_the_content_are_not_published(deploy: Deploy, desk: Path, remote: Path) -> None:
    write(desk, {"content/notes/b.md": note(topics="[nothing]")})
    code, out, err = deploy()
    assert (code, out) == (1, "")
    assert "error[unknown-topic]" in err
    assert head(remote) == ""


def test_a_leak_is_not_published(deploy: Deploy, desk: Path, remote: Path) -> None:
    deploy()
    first = head(remote)
    # An author has put the draft's text among the files that are published as they are, and packed it.
    packed = gzip.compress(LATER.encode(), mtime=0)
    write(desk, {"content/notes/b.md": note("Harbour treaty", body=LATER, draft="true"), "content/assets/texts.gz": packed})
    code, _, err = deploy()
    assert code == 1
    assert "_site/assets/texts.gz:1: leak: 13 words of the body of content/notes/b.md, which is withheld, packed in gzip" in err
    assert "Nothing was published." in err
    assert head(remote) == first


def test_a_preview_is_not_published(desk: Path) -> None:
    build(BuildRequest(desk.resolve(), desk / "_site", dt.datetime.fromisoformat(NOW), drafts=True))
    with pytest.raises(DeployError, match="preview"):
        refuse_tree(desk / "_site", "TLP:CLEAR")


def test_a_tree_for_others_is_not_published(desk: Path) -> None:
    build(BuildRequest(desk.resolve(), desk / "_site", dt.datetime.fromisoformat(NOW), audience="TLP:AMBER"))
    with pytest.raises(DeployError, match="built for TLP:AMBER, not for TLP:CLEAR"):
        refuse_tree(desk / "_site", "TLP:CLEAR")
    refuse_tree(desk / "_site", "TLP:AMBER")


@pytest.mark.parametrize("url", ["https://ada.github.io/", "http://localhost/"])
def test_check_tells_a_wrong_address(url: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(desk, {"content/site.yaml": f"title: Desk\nurl: {url}\n", ".github/workflows/pages.yml": ""})
    git(desk, "remote", "set-url", "origin", "git@github.com:Ada/desk.git")
    assert command_line.run(["check", "--site", str(desk), "--now", NOW]) == 0
    assert "content/site.yaml:2:6: warning[address-mismatch]" in capsys.readouterr().err


def test_a_site_that_is_not_on_pages_is_left_alone(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(desk, {"content/site.yaml": "title: Desk\nurl: https://korea-desk.net/korea/\n"})
    git(desk, "remote", "set-url", "origin", "git@github.com:Ada/desk.git")
    assert command_line.run(["check", "--site", str(desk), "--now", NOW]) == 0
    assert "address-mismatch" not in capsys.readouterr().err


def test_foreign_files_in_the_output_stay_behind(deploy: Deploy, desk: Path, remote: Path) -> None:
    deploy()
    write(desk, {"_site/mine.txt": "Not from any build.", "content/notes/b.md": note("Another note")})
    code, out, _ = deploy()
    assert code == 0
    assert "Not published, because no build wrote it: mine.txt" in out
    assert "mine.txt" not in published(remote)
    assert (desk / "_site/mine.txt").exists()


def test_a_folder_called_like_that_of_a_build_is_told_like_any_other(deploy: Deploy, desk: Path) -> None:
    """The folder in which a build makes its files is at the top of the output; a deployment and an audit pass over that one alone."""
    deploy()
    deep = f"notes/{STAGING}/mine.txt"
    write(desk, {f"_site/{deep}": "Not from any build.", "content/notes/b.md": note("Another note")})
    code, out, _ = deploy()
    assert code == 0
    assert f"Not published, because no build wrote it: {deep}" in out
    assert deep in publish_audit._entries(desk / "_site")


def test_a_build_that_was_cut_short_is_finished_before_it_is_published(deploy: Deploy, desk: Path, remote: Path) -> None:
    deploy()
    write(desk, {"content/notes/b.md": note("Another note"), "content/notes/c.md": note("A third note")})
    cut_short(desk)
    assert deploy()[0] == 0
    assert {path: data for path, data in published(remote).items() if path != ".nojekyll"} == tree(desk / "_site")
    assert "notes/c/index.html" in published(remote)


def _reject(remote: Path, reason: str) -> None:
    hook = remote / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\necho '{reason}' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)


def test_a_remote_that_rejects_gives_its_reason(deploy: Deploy, desk: Path, remote: Path) -> None:
    _reject(remote, "deployments are frozen until Monday")
    before = everything(desk)
    code, _, err = deploy()
    assert code == 1
    assert "origin does not accept the commit: deployments are frozen until Monday" in err
    assert "nothing was published" in err
    assert head(remote) == ""
    assert everything(desk) == before


def _holds(remote: Path, branch: str) -> None:
    tree_of = git(remote, "mktree", data=b"").strip()
    names = ("-c", "user.name=Bo Ek", "-c", "user.email=bo@desk.example")
    git(remote, "update-ref", f"refs/heads/{branch}", git(remote, *names, "commit-tree", tree_of, data=b"Foreign").strip())


REJECTED: Mapping[str, tuple[Callable[[Path], object], tuple[str, ...], str, str]] = {
    "forced pushes": (
        lambda remote: git(remote, "config", "receive.denyNonFastForwards", "true"),
        (),
        "denying non-fast-forward refs/heads/gh-pages",
        "deploy with --keep-history, or let origin accept forced pushes",
    ),
    "a branch in the place of the folder": (
        lambda remote: _holds(remote, "site"),
        ("--branch", "site/x"),
        "cannot lock ref",
        "choose another name with --branch",
    ),
    "a branch in the folder": (
        lambda remote: _holds(remote, "site/x"),
        ("--branch", "site"),
        "cannot lock ref",
        "choose another name with --branch",
    ),
    "a lock": (lambda remote: (remote / "refs/heads/gh-pages.lock").touch(), (), "cannot lock ref", "mend that there, and deploy again"),
}
"""What is done to the remote repository, arguments, the reason that is told, and the remedy."""


@pytest.mark.parametrize("name", REJECTED)
def test_a_remote_where_nobody_changed_anything_refuses(name: str, deploy: Deploy, desk: Path, remote: Path) -> None:
    prepare, arguments, reason, remedy = REJECTED[name]
    assert deploy()[0] == 0
    prepare(remote)
    before = git(remote, "for-each-ref")
    write(desk, {"content/notes/b.md": note("Another note")})
    code, _, err = deploy(*arguments)
    assert code == 1
    assert f"origin does not accept the commit: {reason}" in err
    assert f"nothing was published; {remedy}" in err
    assert "somebody else" not in err
    assert git(remote, "for-each-ref") == before


def test_a_remote_without_forced_pushes_takes_a_branch_with_history(deploy: Deploy, desk: Path, remote: Path) -> None:
    git(remote, "config", "receive.denyNonFastForwards", "true")
    assert deploy("--keep-history")[0] == 0
    write(desk, {"content/notes/b.md": note("Another note")})
    assert deploy("--keep-history")[0] == 0
    assert "notes/b/index.html" in published(remote)


def test_what_a_remote_has_is_read_where_it_is_pushed_to(deploy: Deploy, desk: Path, remote: Path, tmp_path: Path) -> None:
    deploy()
    elsewhere = bare(tmp_path / "elsewhere.git")
    git(desk, "remote", "set-url", "--push", "origin", str(elsewhere))
    before = head(remote)
    for n in range(2):
        write(desk, {"content/notes/b.md": note(f"Note {n}")})
        code, _, err = deploy()
        assert (code, err.count("somebody")) == (0, 0)
    assert "notes/b/index.html" in published(elsewhere)
    assert head(remote) == before


UNFIT: Mapping[str, tuple[str, str]] = {
    "a mirror": ("config remote.origin.mirror true", "origin mirrors this repository"),
    "two addresses": ("config --add remote.origin.url ../second.git", "origin has 2 addresses to push to"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_remote_that_cannot_be_deployed_to(name: str, deploy: Deploy, desk: Path, remote: Path) -> None:
    command, told = UNFIT[name]
    git(desk, *command.split())
    code, _, err = deploy()
    assert code == 2
    assert told in err
    assert "git remote add pages ADDRESS" in err
    assert head(remote) == ""


def test_a_remote_that_is_gone(deploy: Deploy, desk: Path, remote: Path) -> None:
    remote.rename(remote.with_name("elsewhere.git"))
    code, _, err = deploy()
    assert code == 1
    assert "origin does not answer" in err
    assert "nothing was published" in err


def test_nobody_to_be_asked(desk: Path, remote: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.run(["deploy", "--site", str(desk)]) == 2
    assert "say --yes" in capsys.readouterr().err
    assert head(remote) == ""


AUTHORS = {"nobody": ((), "briefings <briefings@localhost>"), "one": (("--author", "Bo Ek <bo@desk.example>"), "Bo Ek <bo@desk.example>")}


@pytest.mark.parametrize("name", AUTHORS)
def test_the_commit_names_nobody_who_did_not_ask_for_it(
    name: str, deploy: Deploy, desk: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, author = AUTHORS[name]
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada Lind")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@desk.example")
    git(desk, "config", "--unset", "user.name")
    git(desk, "config", "user.useConfigOnly", "true")
    assert deploy(*arguments)[0] == 0
    assert git(remote, "log", "-1", "--format=%an <%ae>/%cn <%ce>", "gh-pages").strip() == f"{author}/{author}"
    assert b"Ada" not in reachable(remote)


@pytest.mark.parametrize("author", ["Ada", "<a@b>", "Ada <>", "Ada <a b>", "Ada\nx <a@b>"])
def test_an_author_is_a_name_and_an_address(author: str, deploy: Deploy, remote: Path) -> None:
    code, _, err = deploy("--author", author)
    assert code == 2
    assert "is no author" in err
    assert "--author" in err
    assert head(remote) == ""


def many(desk: Path, count: int = 10) -> dict[str, str]:
    """Notes, so that one of them is no large part."""
    return {f"content/notes/more/n{number}.md": note(f"Note {number}") for number in range(count)}


def test_a_lost_folder_does_not_unpublish_a_site(deploy: Deploy, desk: Path, remote: Path) -> None:
    write(desk, many(desk))
    deploy()
    first = head(remote)
    shutil.rmtree(desk / "content/notes/more")
    code, out, err = deploy()
    assert code == 1
    assert "10 of the 11 published notes would be removed: /notes/n0/, /notes/n1/, /notes/n2/ …" in err
    assert "say --removes 10" in err
    assert "10 of 11 published notes would be removed, more than a fifth" in out
    assert head(remote) == first
    assert deploy("--removes", "9")[0] == 1
    assert deploy("--dry-run")[0] == 0
    assert head(remote) == first
    assert deploy("--removes", "10")[0] == 0
    assert head(remote) != first


@pytest.mark.parametrize(("gone", "free"), [(2, True), (3, False)])
def test_up_to_a_fifth_may_go_without_a_word(gone: int, free: bool, deploy: Deploy, desk: Path) -> None:
    write(desk, many(desk, 9))
    deploy()
    write(desk, dict.fromkeys(list(many(desk, gone))))
    assert deploy()[0] == (0 if free else 1)


def test_notes_that_were_withdrawn_or_moved_are_not_gone(deploy: Deploy, desk: Path) -> None:
    write(desk, {"content/notes/b.md": note("Another")})
    deploy()
    write(desk, {"content/notes/b.md": note("Another", withdrawn="{date: 2017-12-16, reason: wrong}")})
    code, out, _ = deploy()
    assert code == 0
    # The foot of the other note leads to the site's changes from now on.
    assert out.splitlines()[2] == "1 note changed, 1 withdrawn"
    write(desk, {"content/notes/2017-12-15-un-offer.md": None, "content/notes/c.md": note("Moved", aliases="[/notes/un-offer/]")})
    assert deploy()[0] == 0


def test_a_domain_that_was_set_at_the_host_stays(deploy: Deploy, desk: Path, remote: Path, tmp_path: Path) -> None:
    write(desk, {"content/site.yaml": "title: Desk\nurl: https://ada.github.io/desk/\n"})
    deploy()
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch", "gh-pages", str(remote), str(clone))
    write(clone, {"CNAME": "desk.briefings.news\n"})
    git(clone, "add", "CNAME")
    git(clone, "-c", "user.name=g", "-c", "user.email=g", "commit", "--quiet", "--message", "Create CNAME")
    git(clone, "push", "--quiet")
    code, out, _ = deploy()
    assert code == 0
    assert published(remote)["CNAME"] == b"desk.briefings.news\n"
    assert "CNAME stays" in out
    assert "write url: https://desk.briefings.news/" in out


@pytest.mark.parametrize("host", ["example.org", "desk.example.com", "desk.test", "a.invalid", "x.localhost", "desk.example"])
def test_a_domain_for_examples_is_told_and_given_to_no_host(host: str, deploy: Deploy, desk: Path, remote: Path) -> None:
    write(desk, {"content/site.yaml": f"title: Desk\nurl: https://{host}/\n"})
    code, out, _ = deploy()
    assert code == 0
    assert "CNAME" not in published(remote)
    assert f"https://{host}/ is an address for examples" in out


MASKED = {
    "user": ("could not read Password for 'http://ghp_SECRET@h:8499': no", "could not read Password for 'http://***@h:8499': no"),
    "password": ("fatal: https://ada:SECRET@h/a.git", "fatal: https://***@h/a.git"),
    "at sign": ("https://ada:SEC@RET@h/a", "https://***@h/a"),
    "slash": ("https://ada:SEC/RET@h/a", "https://***@h/a"),
    "query": ("https://h/a?access_token=SECRET&x=1", "https://h/a?access_token=***&x=1"),
    "header": ("Authorization: Basic U0VDUkVU=", "Authorization: ***"),
    "token": ("remote: github_pat_11SECRET_x is wrong", "remote: *** is wrong"),
    "ssh": ("ssh://git@h/a.git", "ssh://git@h/a.git"),
    "port": ("https://h:80/a", "https://h:80/a"),
    "mail": ("Ada Lind <ada@desk.example>", "Ada Lind <ada@desk.example>"),
}


@pytest.mark.parametrize("name", MASKED)
def test_credentials_are_masked(name: str) -> None:
    said, told = MASKED[name]
    assert masked(said) == told


@pytest.mark.parametrize("arguments", [(), ("--remote", "http://ada:SECRET@127.0.0.1:9/x.git")])
def test_no_token_is_printed(arguments: tuple[str, ...], deploy: Deploy, desk: Path) -> None:
    git(desk, "remote", "set-url", "origin", "http://ada:SECRET@127.0.0.1:9/ada/desk.git")
    code, out, err = deploy(*arguments)
    assert code in (1, 2)
    assert "SECRET" not in out + err


def test_settings_of_git_in_the_environment_hold(deploy: Deploy, desk: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(desk, "remote", "set-url", "origin", "elsewhere:desk")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{remote}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "elsewhere:desk")
    assert deploy()[0] == 0
    assert "index.html" in published(remote)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_that_git_distrusts_is_not_taken_for_none(deploy: Deploy, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.chown(desk, 4242, 4242)
    os.chown(desk / ".git", 4242, 4242)
    code, _, err = deploy("--dry-run")
    assert code == 2
    assert f"git refuses the repository of {desk}, because it belongs to another user" in err
    assert "git config --global --add safe.directory" in err
    # Nor is the workflow written where GitHub never looks.
    assert command_line.run(["new", "workflow", "--site", str(desk)]) == 2
    assert "safe.directory" in capsys.readouterr().err
    assert not (desk / ".github").exists()


def test_all_that_a_hook_says_is_passed_on(deploy: Deploy, desk: Path, remote: Path) -> None:
    hook = desk / ".git/hooks/pre-push"
    hook.write_text("#!/bin/sh\necho 'husky: npm test failed' >&2\necho 'https://ada:SECRET@h/' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    _, _, err = deploy()
    assert "husky: npm test failed" in err
    assert "error: the hook pre-push of this repository has stopped the push\n  nothing was published; mend what it says" in err
    assert "SECRET" not in err
    hook.unlink()
    _reject(remote, "error: GH001: Large files detected.\nerror: File assets/video.mp4 is 120.00 MB")
    _, _, err = deploy()
    assert "File assets/video.mp4 is 120.00 MB" in err
    assert "GitHub takes files of up to 100 MiB" in err
    assert "\\t" not in err
    _reject(remote, "error: GH006: Protected branch update failed.\nerror: Changes must be made through a pull request.")
    _, _, err = deploy()
    assert "choose another with --branch, or let it be pushed to" in err


def test_sizes_near_a_limit_are_told() -> None:
    (told,) = excesses({"a": 90_000_000, "b": 800_000_000 - 90_000_000})
    assert (told.path, told.message) == ("b", "has 677 MiB, more than the 100 MiB that GitHub takes for a file")
    near = list(excesses({"a": 100_000_000, **{f"x{n}": 90_000_000 for n in range(10)}}))
    assert [(e.path, e.message.partition(",")[0]) for e in near[:-1]] == [("a", "has 95 MiB")]
    assert near[-1].message == "has 1,000 MB, nearly the 1 GB that GitHub Pages takes"


def test_check_and_deploy_tell_what_github_does_not_take(
    deploy: Deploy, desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NEAR_FILE", 5 << 20)
    monkeypatch.setattr(limits, "NEAR_SITE", 9 << 20)
    film = b"\0" * (6 << 20)
    files = dict.fromkeys(("assets/a.mp4", "notes/seen.mp4", "notes/nobody-uses.mp4", "notes/withheld.mp4"), film)
    write(desk, {f"content/{path}": data for path, data in files.items()})
    write(
        desk,
        {"content/notes/b.md": note(body="[A film](seen.mp4)\n"), "content/notes/c.md": note(draft="true", body="[x](withheld.mp4)\n")},
    )
    check = ["check", "--site", str(desk), "--now", NOW, "--color", "never"]
    assert command_line.run(check) == 0
    assert "too-large" not in capsys.readouterr().err  # GitHub has no part in it
    _, out, _ = deploy("--dry-run")
    assert re.findall(r"^warning: (\S+(?: \S+)?) has", out, re.MULTILINE) == ["assets/a.mp4", "notes/b/seen.mp4", "the site"]
    git(desk, "remote", "set-url", "origin", "git@github.com:Ada/desk.git")
    assert command_line.run(check) == 0
    told = re.findall(r"^(\S+): warning\[too-large\]: (.*? has)", capsys.readouterr().err, re.MULTILINE)
    assert told == [
        ("content/assets/a.mp4", "this file has"),
        ("content/notes/seen.mp4", "this file has"),
        ("content/site.yaml", "what is published as it is, pages apart, has"),
    ]


@pytest.mark.parametrize(
    ("files", "remote", "told"),
    [
        ({}, "", ""),
        ({}, "../desk.git", "write as url the address at which readers will find the site"),
        ({}, "git@github.com:Ada/desk.git", "write url: https://ada.github.io/desk/, or a domain of your own"),
        ({".github/workflows/pages.yml": ""}, "", "write as url the address at which readers will find the site"),
    ],
)
def test_check_tells_an_example_as_address_once_somebody_begins_to_publish(
    files: Mapping[str, str], remote: str, told: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(desk, {"content/site.yaml": "title: Desk\nurl: https://example.org/\n", **files})
    git(desk, "remote", "remove", "origin")
    if remote:
        git(desk, "remote", "add", "origin", remote)
    assert command_line.run(["check", "--site", str(desk), "--now", NOW]) == 0
    err = capsys.readouterr().err
    assert ("content/site.yaml:2:6: warning[address-mismatch]: example.org is a name for examples" in err) is bool(told)
    assert told in err


def test_a_large_file_is_published_in_pieces(deploy: Deploy, desk: Path, remote: Path) -> None:
    data = os.urandom(5 << 20)
    write(desk, {"content/assets/film.mp4": data})
    assert deploy()[0] == 0
    assert published(remote)["assets/film.mp4"] == data


WRAPPER = """#!/bin/sh
echo "$1" >> {log}
if {when}; then {action}; fi
exec {git} "$@"
"""
KILL = "kill -9 $PPID; exit 1"


def wrapped(folder: Path, when: str, action: str) -> tuple[dict[str, str], Path]:
    """An environment in which git does something else first when a condition of the shell holds, and the file that lists all calls."""
    folder.mkdir()
    log = folder / "log"
    program = folder / "git"
    program.write_text(WRAPPER.format(log=shlex.quote(str(log)), when=when, action=action, git=shutil.which("git")), encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {**ENVIRONMENT, "PATH": f"{folder}:{ENVIRONMENT['PATH']}", "CALLS": str(log)}, log


def shell(site: Path, environment: Mapping[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "briefings", "deploy", "--yes", "--now", NOW, *more]
    return subprocess.run(command, cwd=site, env=dict(environment), capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE)


WIRE = {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/briefings/\ntheme: wire\n"}
"""Settings for a site that is deployed by new processes: each of them would take longer to compile the other theme than for all else."""


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_the_old_or_the_new(desk: Path, remote: Path, tmp_path: Path) -> None:
    write(desk, WIRE)
    assert shell(desk, ENVIRONMENT).returncode == 0
    write(desk, {"content/notes/b.md": note("Another note")})
    old, before = head(remote), everything(desk)
    states = []
    for nth in range(1, 40):
        environment, log = wrapped(tmp_path / f"bin{nth}", f'[ "$(wc -l < "$CALLS")" -eq {nth} ]', KILL)
        done = shell(desk, environment)
        count = len(log.read_text().splitlines())
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        assert count == nth
        states.append(head(remote))
        after = everything(desk)
        assert {k: v for k, v in after.items() if k != "ours"} == {k: v for k, v in before.items() if k != "ours"}
        assert git(desk, "for-each-ref") == git(desk, "for-each-ref", "refs/heads", "refs/remotes")
    assert len(states) > 8  # as many steps as git was called
    assert set(states) == {old}
    assert head(remote) != old
    assert everything(desk) == before  # what a killed run had left is cleared away by the next


@pytest.mark.slow
def test_a_concurrent_deployment_is_not_overwritten(desk: Path, remote: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "other", remote, {**WIRE, "content/notes/b.md": note("From another desk")})
    write(desk, WIRE)
    assert shell(desk, ENVIRONMENT).returncode == 0
    write(desk, {"content/notes/c.md": note("From this desk")})
    # When this desk is about to push, the other one has just done so.
    theirs = shlex.join([f"PATH={ENVIRONMENT['PATH']}", sys.executable, "-m", "briefings", "deploy", "--yes", "--now", NOW])
    call = f"(cd {shlex.quote(str(other))} && env {theirs} > /dev/null)"
    done = shell(desk, wrapped(tmp_path / "bin", 'case " $* " in *" push "*) true;; *) false;; esac', call)[0])
    assert done.returncode == 1
    assert 'somebody else has changed the branch "gh-pages" of origin meanwhile' in done.stderr
    assert "notes/b/index.html" in published(remote)
    assert shell(desk, ENVIRONMENT, "--removes", "1").returncode == 0
    assert "notes/c/index.html" in published(remote)


TRANSCRIPTS: Mapping[str, tuple[Mapping[str, str], tuple[str, ...], bool]] = {
    "deploy-first": ({}, (), False),
    "deploy-again": ({}, (), True),
    "deploy-changed": ({"content/notes/b.md": note("Another note")}, (), True),
    "deploy-dry-run": ({"content/notes/b.md": note("Another note", draft="true", body=LATER)}, ("--dry-run",), False),
    "deploy-current-branch": ({}, ("--branch", "main"), False),
    "deploy-no-remote": ({}, ("--remote", "upstream"), False),
    "deploy-audience": ({}, ("--audience", "TLP:AMBER"), False),
}
"""Files to be laid over the small site, arguments, and whether the site has been published before."""


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_terminal(name: str, deploy: Deploy, desk: Path, monkeypatch: pytest.MonkeyPatch, snapshot: Callable[[Path, str], None]) -> None:
    files, arguments, again = TRANSCRIPTS[name]
    monkeypatch.chdir(desk)
    if again:
        deploy()
    write(desk, files)
    code, out, err = deploy(*arguments)
    text = f"$ briefings deploy --yes {' '.join(arguments)}".rstrip() + f"\n{out}--- stderr\n{err}--- exit {code}\n"
    text = re.sub(r"\b\d[\d.]* (s|[kM]?B)\b", r"# \1", text.replace(str(desk.resolve()), "."))
    snapshot(REPOSITORY / f"tests/data/terminal/{name}.txt", re.sub(r"Published [0-9a-f]{10}", "Published ##########", text))


def test_the_pushed_tree_is_a_site_without_a_broken_link(deploy: Deploy, remote: Path, tmp_path: Path) -> None:
    site = repository(tmp_path / "example", remote)
    shutil.rmtree(site / "content")
    example_site(site, "url: https://ada.github.io/desk/")
    assert deploy(site=site)[0] == 0
    git(tmp_path, "clone", "--quiet", "--branch", "gh-pages", str(remote), "served")
    with serve_pages(tmp_path / "served", "/desk/") as start:
        found = crawl(start, "https://ada.github.io/desk/")
        assert (found.broken, found.redirected) == ([], [])
        assert len(found.reached) > 150
        client = Client(start)
        lost = client.get(f"{start}notes/nothing/")
        client.close()
    # The 404 page may be shown at any address, and still leads home.
    assert lost.status == 404
    assert 'href="/desk/' in lost.data.decode()


def test_the_marker_is_the_build_manifest(deploy: Deploy, desk: Path, remote: Path) -> None:
    deploy()
    assert published(remote)[MANIFEST] == (desk / "_site" / MANIFEST).read_bytes()


class WaitsError(Exception):
    """A lock is held."""


def test_no_other_build_comes_between_audit_and_comparison(deploy: Deploy, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is audited is what is published."""
    held: list[tuple[str, bool]] = []

    def watched(step: str, work: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            def waiting() -> None:
                _raise(WaitsError())

            # The one keeps builds of this site away, the other those of any site into this output.
            for lock in (locked(desk, waiting, Disk()), reserved(desk / "_site", Disk(), waiting)):
                try:
                    with lock:
                        held.append((step, False))
                except WaitsError:
                    held.append((step, True))
            return work(*given, **named)

        return call

    for module, step in ((publish_audit, "audit"), (publish_deploy, "refuse_tree"), (publish_deploy, "plan_deployment")):
        monkeypatch.setattr(module, step, watched(step, getattr(module, step)))
    assert deploy()[0] == 0
    assert held == [(step, True) for step in ("refuse_tree", "audit", "plan_deployment") for _ in range(2)]


def test_a_branch_that_moved_before_it_was_fetched(deploy: Deploy, desk: Path, remote: Path, tmp_path: Path) -> None:
    deploy()
    first = head(remote)
    write(desk, {"content/notes/b.md": note("Another note")})
    me = ("-c", "user.name=Bea", "-c", "user.email=bea@desk.example")
    for other in ("second", "third"):
        git(remote, "branch", other, git(remote, *me, "commit-tree", "-m", other, f"{first}^{{tree}}").strip())
    git(remote, "branch", "--force", "gh-pages", "second")
    # Between the look at the branch and its fetch, somebody else moves it once more.
    move = f"{shutil.which('git')} -C {shlex.quote(str(remote))} branch --quiet --force gh-pages third"
    done = shell(desk, wrapped(tmp_path / "bin", 'case " $* " in *" fetch "*) true;; *) false;; esac', move)[0])
    assert done.returncode == 1
    assert "somebody else has just changed gh-pages of origin" in done.stderr
    assert head(remote) == head(remote, "third")


def _raise(error: Exception) -> None:
    raise error
