"""A git repository: its objects are read, and written for publishing; index, working tree and branches stay untouched."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

AUTHOR = "briefings <briefings@localhost>"
"""The default author of commits on the public branch, which names no person."""
_CREDENTIALS = re.compile(r"(?<=://)(?!git@)(?:[^/\s'\"<>]*|[^/\s'\"<>:]+:(?!\d+/)[^\s'\"<>]*)(?=@)")
"""User name and password before the host of an address; a password may contain a slash or an @."""
_TOKENS = re.compile(
    r"\b(?:gh[pousr]_|github_pat_|glpat-|gl[a-z]{2,5}-)[\w-]+|(?i:(?<=authorization: )(?:basic|bearer|token) \S+)"
    r"|(?i:(?<=[?&]access_token=)|(?<=[?&]private_token=)|(?<=[?&]token=))[^&\s'\"]+"
)
"""Access tokens of well-known hosts anywhere in a text, and credentials in headers and addresses."""


def masked(text: str) -> str:
    """Return `text` with the user names, passwords and tokens of git's addresses masked."""
    return _TOKENS.sub("***", _CREDENTIALS.sub("***", text))


class GitError(Exception):
    """Raised when a git command fails; the message is what git printed, without credentials."""

    def __init__(self, message: str) -> None:
        super().__init__(masked(message))

    @property
    def is_distrust(self) -> bool:
        """Whether git refuses the repository because its folder belongs to another user."""
        return "dubious ownership" in str(self)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the message that are meant for a person."""
        return tuple(line.rstrip() for line in str(self).splitlines() if line.strip() and line.strip() != "Done")


class TreeEntry(Struct, frozen=True):
    """A file in a tree of git: its mode and the name of its object."""

    mode: str
    blob: str


class Authorship(Struct, frozen=True):
    """The author and the time of a commit."""

    name: str
    email: str
    when: str
    """The time in git's form: seconds since 1970, and the offset of a time zone."""


_GIT = ("git", "-c", "core.logAllRefUpdates=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.bigFileThreshold=16m")
"""The git command with settings for our use: no reflog, no upkeep, and large files streamed rather than held in memory."""


class Git:
    """The repository that a folder belongs to."""

    def __init__(self, folder: Path, *, prompts: bool) -> None:
        """Use the repository of `folder`. With `prompts`, git may ask for a password at the terminal."""
        self.folder = folder
        # Variables of a hook would point to another repository or index than that of the folder.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
        self._environment = ours | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "1" if prompts else "0", "GIT_OPTIONAL_LOCKS": "0"}

    def run(self, *arguments: str, data: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
        """Run a git command and return what it prints. Raises GitError when it fails, FileNotFoundError when git is not installed."""
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
        """Return the one line that a command prints."""
        return self.run(*arguments, data=data, more=more).decode(errors="surrogateescape").strip("\n")

    def try_line(self, *arguments: str) -> str:
        """Return the one line that a command prints; empty when the command fails."""
        try:
            return self.line(*arguments)
        except GitError:
            return ""

    def root(self) -> Path | None:
        """Return the top folder of the working tree; None outside a repository, and where git is not installed.

        Raises GitError for a repository that git refuses because it belongs to another user.
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
        """Return the names of the remotes."""
        return self.line("remote").split()

    def address_of(self, remote: str) -> str:
        """Return the address to which a push to `remote` goes; empty when there is no such remote."""
        return next(iter(self.addresses_of(remote)), "")

    def addresses_of(self, remote: str) -> list[str]:
        """Return all addresses to which a push to `remote` goes."""
        return self.try_line("remote", "get-url", "--push", "--all", "--", remote).splitlines()

    def is_mirror(self, remote: str) -> bool:
        """Whether a push to `remote` makes it a mirror, which deletes branches that this repository does not have."""
        return self.try_line("config", "--type=bool", "--get", f"remote.{remote}.mirror") == "true"

    def branch(self) -> str:
        """Return the current branch; empty when none is checked out."""
        return self.try_line("symbolic-ref", "--quiet", "--short", "HEAD")

    def checked_out(self) -> set[str]:
        """Return the branches that are checked out in any working tree of the repository."""
        listed = self.line("worktree", "list", "--porcelain").splitlines()
        return {line.removeprefix("branch refs/heads/") for line in listed if line.startswith("branch refs/heads/")}

    def is_branch_name(self, name: str) -> bool:
        """Whether `name` is valid for a branch, and no command takes it for an option."""
        if not name or name.startswith("-") or name in ("HEAD", "@") or any(c < "!" for c in name):
            return False
        try:
            self.run("check-ref-format", f"refs/heads/{name}")
        except (GitError, ValueError):
            return False
        return True

    def head_of(self, remote: str, branch: str) -> str:
        """Return the commit of `branch` in the remote repository; empty when there is no such branch."""
        for found in self.line("ls-remote", "--heads", "--", self._source(remote), f"refs/heads/{branch}").splitlines():
            commit, _, name = found.partition("\t")
            if name == f"refs/heads/{branch}":
                return commit
        return ""

    def fetch(self, remote: str, branch: str) -> None:
        """Fetch the objects of a branch without creating a reference to them."""
        self.run(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=", "--",
            self._source(remote), f"refs/heads/{branch}",
        )  # fmt: skip

    def _source(self, remote: str) -> str:
        """Return the address to read from before a push: a remote may have different addresses for pulls and pushes."""
        address = self.address_of(remote)
        return remote if address == self.try_line("remote", "get-url", "--", remote) else address

    def files(self, commit: str) -> dict[str, TreeEntry]:
        """Return the files of a commit, by path."""
        listed = self.run("ls-tree", "-r", "-z", "--full-tree", commit).decode(errors="surrogateescape")
        files = {}
        for row in listed.split("\0"):
            if row:
                about, _, path = row.partition("\t")
                mode, _, blob = about.split(" ")
                files[path] = TreeEntry(mode, blob)
        return files

    def blob(self, identifier: str) -> bytes:
        """Return the bytes of a file from the name of its object."""
        return self.run("cat-file", "blob", identifier)

    def blobs(self, identifiers: Iterable[str]) -> Iterator[bytes]:
        """Yield the bytes of files from the names of their objects, which one command reads in their order."""
        wanted = list(identifiers)
        found = self.run("cat-file", "--batch", data="".join(f"{one}\n" for one in wanted).encode())
        at = 0
        for _ in wanted:
            # Before each file stands a line with its name, its type and its size.
            start = found.index(b"\n", at) + 1
            size = int(found[at:start].split()[2])
            yield found[start : start + size]
            at = start + size + 1

    def commit_of(self, revision: str) -> str:
        """Return the commit that a revision (`HEAD~2`, a branch, a tag) names; empty when it names none."""
        return self.try_line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def prefix(self) -> str:
        """Return the path of the folder from the top of the working tree, with a slash at its end; empty for the top itself."""
        return self.line("rev-parse", "--show-prefix")

    def parents(self, commit: str) -> int:
        """Count the parents of a commit."""
        return len(self.line("rev-list", "--parents", "--max-count=1", commit, "--").split()) - 1

    def has_hook(self, name: str) -> bool:
        """Whether the repository has a hook `name`, which may stop a command."""
        return os.access(self.folder / self.line("rev-parse", "--git-path", f"hooks/{name}"), os.X_OK)

    def algorithm(self) -> str:
        """Return the hash algorithm of the repository: `sha1` or `sha256`."""
        return self.line("rev-parse", "--show-object-format")

    def write_blobs(self, contents: Iterable[tuple[int, Iterable[bytes]]]) -> None:
        """Store files, each given as its size and its pieces, so that no file is held in memory as a whole."""
        # What git prints goes into a file: nobody reads a pipe while the contents are written.
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
                # git has ended, and its output says why.
                pass
            except BaseException:
                importing.kill()
                raise
            finally:
                importing.wait()
            if importing.returncode:
                said.seek(0)
                raise GitError(said.read().decode(errors="replace").strip() or "git failed")

    def write_tree(self, files: Mapping[str, TreeEntry], index: Path) -> str:
        """Store the tree objects for `files`, whose contents are stored already; git uses a temporary index file at `index`."""
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
        """Store a commit and return its name."""
        parents = ("-p", parent) if parent else ()
        more: dict[str, str] = {}
        for role in ("AUTHOR", "COMMITTER"):
            more |= {f"GIT_{role}_NAME": by.name, f"GIT_{role}_EMAIL": by.email, f"GIT_{role}_DATE": by.when}
        return self.line("commit-tree", tree, *parents, data=message.encode(), more=more)

    def push(self, remote: str, branch: str, commit: str, expected: str, grafts: Path) -> None:
        """Set `branch` of the remote repository to `commit` if it still is at `expected`; empty if it must not exist.

        `grafts` is a path for a temporary file. A commit without a parent shares no history with the branch, so git would send all
        files each time. For the push alone, the file makes the commit a child of the present one.
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
"""Beginnings of the environment variables for reaching a remote, which are passed on."""


def _blobs(contents: Iterable[tuple[int, Iterable[bytes]]]) -> Iterator[bytes]:
    for size, parts in contents:
        yield b"blob\ndata %d\n" % size
        yield from parts
        yield b"\n"
    yield b"done\n"
