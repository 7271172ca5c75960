"""A git repository, as far as publishing needs it: objects are read and written, and nothing that a person works with is touched."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

AUTHOR = "briefings <briefings@localhost>"
"""Who commits to the public branch, unless somebody wants to be named there: no person."""
_CREDENTIALS = re.compile(r"(?<=://)(?!git@)(?:[^/\s'\"<>]*|[^/\s'\"<>:]+:(?!\d+/)[^\s'\"<>]*)(?=@)")
"""What stands before the host of an address; a password may have a slash or an @ of its own."""
_TOKENS = re.compile(
    r"\b(?:gh[pousr]_|github_pat_|glpat-|gl[a-z]{2,5}-)[\w-]+|(?i:(?<=authorization: )(?:basic|bearer|token) \S+)"
    r"|(?i:(?<=[?&]access_token=)|(?<=[?&]private_token=)|(?<=[?&]token=))[^&\s'\"]+"
)
"""Tokens of the well-known hosts wherever they stand, and what a header or an address says to prove who asks."""


def masked(text: str) -> str:
    """`text` without the names, passwords and tokens that git's addresses hold."""
    return _TOKENS.sub("***", _CREDENTIALS.sub("***", text))


class GitError(Exception):
    """A git command failed; the message is what it said, without credentials."""

    def __init__(self, message: str) -> None:
        super().__init__(masked(message))

    @property
    def is_distrust(self) -> bool:
        """Whether git refuses the repository because its folder belongs to somebody else."""
        return "dubious ownership" in str(self)

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines that say something to a person."""
        return tuple(line.rstrip() for line in str(self).splitlines() if line.strip() and line.strip() != "Done")


class Entry(Struct, frozen=True):
    """A file of a tree."""

    mode: str
    blob: str


class Authorship(Struct, frozen=True):
    """Who makes a commit, and when."""

    name: str
    email: str
    when: str
    """As git has it: seconds since 1970, and an offset."""


_GIT = ("git", "-c", "core.logAllRefUpdates=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.bigFileThreshold=16m")
"""Of larger files, git keeps only pieces in memory, too."""


class Git:
    """The repository that a folder belongs to."""

    def __init__(self, folder: Path, *, prompts: bool) -> None:
        """Use the repository of `folder`. With `prompts`, git may ask a person at the terminal for a password."""
        self.folder = folder
        # A hook's variables would lead to another repository or index than that of the folder.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
        self._environment = ours | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "1" if prompts else "0", "GIT_OPTIONAL_LOCKS": "0"}

    def run(self, *arguments: str, data: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
        """What a command prints. Raises GitError when it fails, FileNotFoundError when there is no git."""
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            [*_GIT, *arguments],
            cwd=self.folder,
            env=self._environment | dict(more or {}),
            input=data,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise GitError(b"\n".join((done.stderr, done.stdout)).decode(errors="replace").strip() or "git failed")
        return done.stdout

    def line(self, *arguments: str, data: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        """The one line that a command prints."""
        return self.run(*arguments, data=data, more=more).decode(errors="surrogateescape").strip("\n")

    def try_line(self, *arguments: str) -> str:
        """The one line that a command prints, or nothing when it fails."""
        try:
            return self.line(*arguments)
        except GitError:
            return ""

    def root(self) -> Path | None:
        """The folder that the repository's files lie in; None outside a repository, and where there is no git.

        Raises GitError for a repository that git refuses because it belongs to somebody else.
        """
        try:
            return Path(self.line("rev-parse", "--show-toplevel"))
        except FileNotFoundError:
            return None
        except GitError as error:
            if error.is_distrust:
                raise
            return None

    def remotes(self) -> list[str]:
        """The names of the remotes."""
        return self.line("remote").split()

    def address_of(self, remote: str) -> str:
        """Where a push to a remote goes; empty when there is none."""
        return next(iter(self.addresses_of(remote)), "")

    def addresses_of(self, remote: str) -> list[str]:
        """All places to which a push to a remote goes."""
        return self.try_line("remote", "get-url", "--push", "--all", "--", remote).splitlines()

    def is_mirror(self, remote: str) -> bool:
        """Whether every push to a remote makes it hold just the branches that this repository has."""
        return self.try_line("config", "--type=bool", "--get", f"remote.{remote}.mirror") == "true"

    def branch(self) -> str:
        """The current branch; empty when none is checked out."""
        return self.try_line("symbolic-ref", "--quiet", "--short", "HEAD")

    def checked_out(self) -> set[str]:
        """The branches that are checked out somewhere, in this working tree or another of the repository."""
        listed = self.line("worktree", "list", "--porcelain").splitlines()
        return {line.removeprefix("branch refs/heads/") for line in listed if line.startswith("branch refs/heads/")}

    def is_branch_name(self, name: str) -> bool:
        """Whether a branch can be called so, and no command will take the name for something else."""
        if not name or name.startswith("-") or name in ("HEAD", "@") or any(c < "!" for c in name):
            return False
        try:
            self.run("check-ref-format", f"refs/heads/{name}")
        except (GitError, ValueError):
            return False
        return True

    def head_of(self, remote: str, branch: str) -> str:
        """The commit that the branch has in the remote repository; empty when there is no such branch."""
        for found in self.line("ls-remote", "--heads", "--", self._source(remote), f"refs/heads/{branch}").splitlines():
            commit, _, name = found.partition("\t")
            if name == f"refs/heads/{branch}":
                return commit
        return ""

    def fetch(self, remote: str, branch: str) -> None:
        """Get the objects of a branch; no name here will lead to them."""
        self.run(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=", "--",
            self._source(remote), f"refs/heads/{branch}",
        )  # fmt: skip

    def _source(self, remote: str) -> str:
        """Where to read what a push would change: a remote may be read at one address and pushed to at another."""
        address = self.address_of(remote)
        return remote if address == self.try_line("remote", "get-url", "--", remote) else address

    def files(self, commit: str) -> dict[str, Entry]:
        """The files of a commit."""
        listed = self.run("ls-tree", "-r", "-z", "--full-tree", commit).decode(errors="surrogateescape")
        files = {}
        for row in listed.split("\0"):
            if row:
                about, _, path = row.partition("\t")
                mode, _, blob = about.split(" ")
                files[path] = Entry(mode, blob)
        return files

    def blob(self, identifier: str) -> bytes:
        """The bytes of a file."""
        return self.run("cat-file", "blob", identifier)

    def parents(self, commit: str) -> int:
        """How many commits a commit follows directly."""
        return len(self.line("rev-list", "--parents", "--max-count=1", commit, "--").split()) - 1

    def has_hook(self, name: str) -> bool:
        """Whether a script of this machine may stop what git does."""
        return os.access(self.folder / self.line("rev-parse", "--git-path", f"hooks/{name}"), os.X_OK)

    def algorithm(self) -> str:
        """How the repository names objects: `sha1` or `sha256`."""
        return self.line("rev-parse", "--show-object-format")

    def write_blobs(self, contents: Iterable[tuple[int, Iterable[bytes]]]) -> None:
        """Store files, each given by its size and its pieces, which are never in memory together."""
        # What git has to say goes into a file: nobody reads a pipe while the contents are written.
        with tempfile.TemporaryFile() as said:
            importing = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                [*_GIT, "fast-import", "--quiet", "--force", "--done"],
                cwd=self.folder, env=self._environment, stdin=subprocess.PIPE, stdout=said, stderr=said,
            )  # fmt: skip
            assert importing.stdin is not None  # noqa: S101 - it was asked for
            try:
                for piece in _blobs(contents):
                    importing.stdin.write(piece)
                importing.stdin.close()
            except BrokenPipeError:
                # It has ended, and said why.
                pass
            except BaseException:
                importing.kill()
                raise
            finally:
                importing.wait()
            if importing.returncode:
                said.seek(0)
                raise GitError(said.read().decode(errors="replace").strip() or "git failed")

    def write_tree(self, files: Mapping[str, Entry], index: Path) -> str:
        """Store the folders of `files`, whose contents are stored; `index` is a path for what git notes on the way."""
        for path in (index, index.with_name(f"{index.name}.lock")):
            path.unlink(missing_ok=True)
        rows = "".join(f"{entry.mode} {entry.blob}\t{path}\0" for path, entry in sorted(files.items()))
        more = {"GIT_INDEX_FILE": str(index)}
        try:
            self.run("update-index", "-z", "--index-info", data=rows.encode(errors="surrogateescape"), more=more)
            return self.line("write-tree", more=more)
        finally:
            index.unlink(missing_ok=True)

    def write_commit(self, tree: str, parent: str, message: str, by: Authorship) -> str:
        """Store a commit."""
        parents = ("-p", parent) if parent else ()
        more: dict[str, str] = {}
        for role in ("AUTHOR", "COMMITTER"):
            more |= {f"GIT_{role}_NAME": by.name, f"GIT_{role}_EMAIL": by.email, f"GIT_{role}_DATE": by.when}
        return self.line("commit-tree", tree, *parents, data=message.encode(), more=more)

    def push(self, remote: str, branch: str, commit: str, expected: str, grafts: Path) -> None:
        """Let the branch in the remote repository be `commit`, if it still is `expected`; empty where it must not exist.

        `grafts` is a path for what git is told on the way: a commit without a parent shares nothing with any other in git's eyes, and all
        of its files would be sent each time. For the push alone the commit counts as a child of the one that the remote repository has.
        """
        grafts.write_text(f"{commit} {expected}\n" if expected else "", encoding="ascii")
        try:
            self.run(
                "-c", "advice.graftFileDeprecated=false",
                "push", "--quiet", "--porcelain", "--no-follow-tags", "--recurse-submodules=no",
                f"--force-with-lease=refs/heads/{branch}:{expected}", "--", remote, f"{commit}:refs/heads/{branch}",
                more={"GIT_GRAFT_FILE": str(grafts)},
            )  # fmt: skip
        finally:
            grafts.unlink(missing_ok=True)


_KEPT = ("GIT_SSH", "GIT_SSL_", "GIT_ASKPASS", "GIT_CONFIG_", "GIT_EXEC_PATH")
"""Variables about how to reach a remote."""


def _blobs(contents: Iterable[tuple[int, Iterable[bytes]]]) -> Iterator[bytes]:
    for size, parts in contents:
        yield b"blob\ndata %d\n" % size
        yield from parts
        yield b"\n"
    yield b"done\n"
