"""A deployment: it makes a built and audited tree one commit on a branch of a remote repository."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from briefings.core.text import listing, plural
from briefings.core.urls import DOMAIN_FILE, UNBUILT_FILE, is_example_host, own_domain
from briefings.deploy.addresses import is_local, repository
from briefings.deploy.comparison import NoteChanges, note_changes
from briefings.deploy.git import AUTHOR, Authorship, Git, GitError, TreeEntry, masked
from briefings.deploy.limits import LARGEST_FILE
from briefings.engine.cache import FOLDER, make_folder
from briefings.executors.executor import Work
from briefings.executors.processes import executor_for
from briefings.publication.tree import MANIFEST, pieces, read_manifest, without_staging

_FILE = "100644"
_NOTHING = "nothing was published"

_AUTHOR = re.compile(r"([^<>\n]*\w[^<>\n]*)<([^<>\s]+)>")

Answer = TypeVar("Answer")


class DeployError(Exception):
    """Raised when a deployment cannot be made, or has failed; the message says why."""

    def __init__(self, message: str, remedy: str = "", *, usage: bool = False, said: tuple[str, ...] = ()) -> None:
        super().__init__(masked(message))
        self.remedy = masked(remedy)
        self.usage = usage
        """Whether the command was used wrongly; otherwise something failed."""
        self.said = said
        """The lines that git printed about the failure."""


class RemoteBranch(Struct, frozen=True):
    """The branch to publish to, and how the commit is made."""

    remote: str = "origin"
    branch: str = "gh-pages"
    keep_history: bool = False
    """Whether the new commit follows the old one; otherwise it has no parent, so that withdrawn content leaves the branch."""
    adopt: bool = False
    """Whether to replace a branch that holds something other than a published site."""
    author: str = AUTHOR
    """The author of the commit, as `NAME <ADDRESS>`."""


class Deployment(Struct, frozen=True):
    """What a deployment would do; nothing is changed yet."""

    destination: RemoteBranch
    output: Path
    expected: str
    """The commit that the remote branch has now; empty when there is no branch."""
    files: Mapping[str, TreeEntry]
    extra: Mapping[str, bytes]
    """Files that only the host needs, by path; they are not in the output."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    new_blobs: Mapping[str, str]
    """Files that the branch does not have yet: from the name of the git object to a path with these bytes."""
    foreign: tuple[str, ...]
    """Files of the output that no build wrote; they are not published."""
    sizes: Mapping[str, int]
    """The size in bytes of each published file of the output."""
    notes: NoteChanges
    kept_domain: str
    """A domain that the branch's `CNAME` file has and `url` does not; the file is kept. Empty when there is none."""
    drops_history: bool
    """Whether older commits of the branch are dropped."""
    address: str
    """The address at which readers will find the site."""

    @property
    def is_nothing(self) -> bool:
        """Whether the branch already has all files of the plan."""
        return bool(self.expected) and not (self.added or self.changed or self.removed or self.drops_history)


def distrusted(git: Git, error: GitError) -> DeployError:
    """Return the error for a repository that git refuses because it belongs to another user."""
    message = f"git refuses the repository of {git.folder}, because it belongs to another user"
    return DeployError(message, "run as that user, or trust it with the command that git names", usage=True, said=error.lines)


def check_destination(git: Git, destination: RemoteBranch) -> None:
    """Check that the remote exists and that the branch may be written. Raises DeployError."""
    remote, branch = destination.remote, destination.branch
    try:
        remotes = git.remotes()
    except GitError as error:
        if error.is_distrust:
            raise distrusted(git, error) from None
        remedy = "make one with `git init`, and name where it goes: git remote add origin ADDRESS"
        raise DeployError(f"{git.folder} is not in a git repository", remedy, usage=True) from None
    except FileNotFoundError:
        raise DeployError("there is no git on this machine", "install git", usage=True) from None
    if _authorship(destination.author, "") is None:
        raise DeployError(f'"{destination.author}" is no author', 'write --author "Ada Lind <ada@desk.example>"', usage=True)
    if remote not in remotes:
        remedy = f"there is {listing(remotes)}" if remotes else "name one: git remote add origin ADDRESS"
        raise DeployError(f'there is no remote "{remote}"', remedy, usage=True)
    other = "name another one for the site: git remote add pages ADDRESS; briefings deploy --remote pages"
    if git.is_mirror(remote):
        message = f"{remote} mirrors this repository (remote.{remote}.mirror), so the next `git push` would delete the branch"
        raise DeployError(message, other, usage=True)
    if len(addresses := git.addresses_of(remote)) > 1:
        raise DeployError(f"{remote} has {len(addresses)} addresses to push to, and only one can be compared", other, usage=True)
    if not git.is_branch_name(branch):
        raise DeployError(f'"{branch}" cannot be the name of a branch', "choose one such as gh-pages", usage=True)
    if branch in (git.branch(), *git.checked_out()):
        message = f'the branch "{branch}" is checked out, and a deployment replaces all that its branch holds'
        raise DeployError(message, "choose another, such as --branch gh-pages", usage=True)


def refuse_tree(output: Path, audience: str) -> None:
    """Check that the tree at `output` was built for `audience`, and not as a preview. Raises DeployError."""
    manifest = read_manifest(output)
    if manifest is None:
        raise DeployError(f"{output} has no {MANIFEST} that can be read", "run `briefings build`")
    if manifest.preview:
        raise DeployError(f"{output} is a preview, which may hold drafts", "another build has been there; deploy again")
    if manifest.audience != audience:
        raise DeployError(f"{output} was built for {manifest.audience}, not for {audience}", "another build has been there; deploy again")


def plan_deployment(git: Git, destination: RemoteBranch, output: Path, url: str, jobs: int) -> Deployment:
    """Compare the build in `output` with the present branch, in as many processes as `jobs`.

    Raises DeployError, and WorkerDiedError when a process was killed from outside.
    """
    manifest = read_manifest(output)
    if manifest is None:
        raise DeployError(f"{output} has no {MANIFEST} that can be read", "run `briefings build`")
    remote = git.address_of(destination.remote)
    extra = _extra(url)
    algorithm = git.algorithm()
    ours = [path for path in (*manifest.files, MANIFEST) if path not in extra]
    files = {path: TreeEntry(_FILE, _named(len(data), (data,), algorithm)) for path, data in extra.items()}
    sizes: dict[str, int] = {}
    with executor_for(jobs) as executor:
        work: Work[tuple[dict[str, TreeEntry], dict[str, int]]] = Work(doing="reading the site", read=partial(_entries, output, algorithm))
        for _, (entries, measured) in executor.map(work, ours, tuple):
            files |= entries
            sizes |= measured
    expected = _asked(git.head_of, destination)
    before = _before(git, destination, expected) if expected else {}
    kept_domain = ""
    if MANIFEST in before and DOMAIN_FILE in before and DOMAIN_FILE not in files:
        files[DOMAIN_FILE] = before[DOMAIN_FILE]
        kept_domain = git.blob(before[DOMAIN_FILE].blob).decode(errors="replace").strip()
    changed = tuple(sorted(path for path in files.keys() & before.keys() if files[path] != before[path]))
    known = {entry.blob for entry in before.values()}
    return Deployment(
        destination=destination,
        output=output,
        expected=expected,
        files=files,
        extra=extra,
        added=tuple(sorted(files.keys() - before.keys())),
        changed=changed,
        removed=tuple(sorted(before.keys() - files.keys())),
        new_blobs={entry.blob: path for path, entry in files.items() if entry.blob not in known},
        foreign=tuple(sorted(set(_files(output)) - {*manifest.files, MANIFEST})),
        sizes=sizes,
        notes=note_changes(before, files, changed) if MANIFEST in before else NoteChanges(),
        kept_domain=kept_domain,
        drops_history=bool(expected) and not destination.keep_history and git.parents(expected) > 0,
        address=_address(url, remote),
    )


def push_deployment(git: Git, site: Path, ready: Deployment, when: str) -> str:
    """Make the commit, push it, and return its name. No name in the repository of `site` refers to it. Raises DeployError."""
    destination = ready.destination
    try:
        git.write_blobs(_contents(ready, git.algorithm()))
        make_folder(site / FOLDER)
        tree = git.write_tree(ready.files, site / FOLDER / "deploy.index")
        message = f"Publish {ready.address or 'the site'}\n"
        by = _authorship(destination.author, when)
        assert by is not None  # `check_destination` has made sure of it  # noqa: S101
        commit = git.write_commit(tree, ready.expected if destination.keep_history else "", message, by)
    except GitError as error:
        message = f"git could not store the site: {_last_line(error)}"
        raise DeployError(message, f"{_NOTHING}; mend that and deploy again", said=error.lines) from None
    try:
        git.push(destination.remote, destination.branch, commit, ready.expected, site / FOLDER / "deploy.grafts")
    except GitError as error:
        raise _push_failed(git, error, ready) from None
    return commit


def refuse_removals(ready: Deployment, agreed: int) -> None:
    """Raise DeployError if so many published notes would go that somebody must agree, and `agreed` is less than their number."""
    gone = ready.notes.removed
    if not ready.notes.needs_a_word or agreed >= len(gone):
        return
    examples = ", ".join(f"/notes/{note}/" for note in gone[:3]) + (" …" if len(gone) > 3 else "")
    message = f"{len(gone):,} of the {plural(ready.notes.before, 'published note')} would be removed: {examples}"
    missing = "if not, a folder of content/ is missing here or empty (a submodule: git submodule update --init)"
    raise DeployError(message, f"{_NOTHING}; if that is meant, say --removes {len(gone)}; {missing}")


def _named(size: int, parts: Iterable[bytes], algorithm: str) -> str:
    """Return the name that git gives to a file of `size` bytes, given in `parts`."""
    name = hashlib.new(algorithm, b"blob %d\0" % size, usedforsecurity=False)
    for part in parts:
        name.update(part)
    return name.hexdigest()


def _entries(output: Path, algorithm: str, paths: Sequence[str]) -> tuple[dict[str, TreeEntry], dict[str, int]]:
    """Return the files of the output at `paths` as git's entries, and their sizes in bytes."""
    sizes = {path: (output / path).stat().st_size for path in paths}
    return {path: TreeEntry(_FILE, _named(size, pieces(output / path), algorithm)) for path, size in sizes.items()}, sizes


def _authorship(author: str, when: str) -> Authorship | None:
    """Parse `NAME <ADDRESS>`; None for an author that git would refuse."""
    found = _AUTHOR.fullmatch(author.strip())
    return Authorship(found[1].strip(), found[2].strip(), when) if found else None


def _extra(url: str) -> dict[str, bytes]:
    """Return the extra files for GitHub Pages: one that turns Jekyll off, and one that names the site's own domain."""
    domain = own_domain(url)
    if is_example_host(domain):
        domain = ""  # a domain reserved for examples belongs to nobody
    return {UNBUILT_FILE: b""} | ({DOMAIN_FILE: f"{domain}\n".encode()} if domain else {})


def _before(git: Git, destination: RemoteBranch, expected: str) -> Mapping[str, TreeEntry]:
    """Return the files of the branch. Raises DeployError unless they are a site that we published or may replace."""
    try:
        files = git.files(expected)
    except GitError:
        _asked(git.fetch, destination)
        try:
            files = git.files(expected)
        except GitError:
            message = f"somebody else has just changed {destination.branch} of {destination.remote}"
            raise DeployError(message, "deploy again: what they published is compared then") from None
    if files and not destination.adopt and not _is_ours(git, files):
        message = f'the branch "{destination.branch}" of {destination.remote} holds {len(files):,} files that briefings did not publish'
        remedy = "choose another with --branch, or let all of them go with --adopt"
        raise DeployError(message, remedy, usage=True)
    return files


def _is_ours(git: Git, files: Mapping[str, TreeEntry]) -> bool:
    if MANIFEST not in files:
        return False
    try:
        marker = msgspec.json.decode(git.blob(files[MANIFEST].blob), type=_Marker)
    except (GitError, msgspec.MsgspecError):
        return False
    return marker.generator == "briefings"


class _Marker(Struct, frozen=True):
    """The part of an output's manifest that shows, in every version, that a build wrote the tree."""

    generator: str


def _asked(question: Callable[[str, str], Answer], destination: RemoteBranch) -> Answer:
    """Ask the remote repository `question` and return its answer. Raises DeployError when it gives none."""
    try:
        return question(destination.remote, destination.branch)
    except GitError as error:
        message = f"{destination.remote} does not answer: {_last_line(error)}"
        raise DeployError(message, f"{_NOTHING}; try `git fetch {destination.remote}`, then deploy again", said=error.lines) from None


def _push_failed(git: Git, error: GitError, ready: Deployment) -> DeployError:
    """Return the error for a failed push, after asking the remote repository what it has now."""
    destination, said = ready.destination, str(error)
    where = f'the branch "{destination.branch}" of {destination.remote}'
    remedy = f"{where} is as it was, or as it was to become; deploy again, which finds out"
    failed = DeployError(f"the push to {destination.remote} failed: {_last_line(error)}", remedy, said=error.lines)
    if "rejected]" not in said:
        # Of a hook git says only that the push failed.
        stopped = "fatal:" not in said and "failed to push some refs" in said and git.has_hook("pre-push")
        message = "the hook pre-push of this repository has stopped the push"
        return DeployError(message, f"{_NOTHING}; mend what it says, and deploy again", said=error.lines) if stopped else failed
    try:
        now = git.head_of(destination.remote, destination.branch)
    except GitError:
        return failed
    if now != ready.expected:
        return DeployError(f"somebody else has changed {where} meanwhile", f"{_NOTHING}; deploy again, on top of what is there now")
    # Nobody has pushed meanwhile, so another attempt would fail too.
    message = f"{destination.remote} does not accept the commit: {_reason(said)}"
    return DeployError(message, f"{_NOTHING}; {_way_out(said, destination)}", said=error.lines)


def _way_out(said: str, destination: RemoteBranch) -> str:
    """Return a remedy for a rejected push, chosen by the words of git."""
    if not destination.keep_history and any(sign in said for sign in ("non-fast-forward", "force-push", "forced push")):
        where = "on GitHub: Settings, Branches; elsewhere: receive.denyNonFastForwards false"
        return f"deploy with --keep-history, or let {destination.remote} accept forced pushes to that branch ({where})"
    if "GH006" in said or "GH013" in said:
        return "choose another with --branch, or let it be pushed to, on GitHub, under Settings, in Branches or Rules"
    if "GH001" in said:
        return f"make the file smaller or keep it elsewhere: GitHub takes files of up to {LARGEST_FILE >> 20} MiB"
    if "cannot lock ref" in said and "; cannot create" in said:
        return "choose another name with --branch: no branch can be called like the folder of another one"
    return "mend that there, and deploy again"


def _reason(said: str) -> str:
    """Return the reason for a rejection: in the words of the remote repository, or else of git."""
    lines = said.splitlines()
    told = [line.removeprefix("remote:").strip().removeprefix("error:").strip() for line in lines if line.startswith("remote:")]
    codes = [line.rpartition("(")[2].rstrip(")") for line in lines if "rejected]" in line]
    return next((line for line in (*told, *codes) if line), "it does not say why")


def _last_line(error: GitError) -> str:
    """Return the line of git's error that says most."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (told or lines or ["git failed"])[0].removeprefix("fatal:").removeprefix("error:").strip()


def _address(url: str, remote: str) -> str:
    if not is_local(url):
        return masked(url)
    found = repository(remote)
    return found.address if found else ""


def _files(folder: Path) -> Iterator[str]:
    for below, folders, names in os.walk(folder):
        # In a tree of ten thousand folders, cutting the path is quicker than `os.path.relpath`.
        folders[:] = without_staging(folder, below, folders)
        inside = below[len(os.fspath(folder)) :].replace(os.sep, "/").lstrip("/")
        prefix = inside and f"{inside}/"
        yield from (f"{prefix}{name}" for name in names)


def _contents(ready: Deployment, algorithm: str) -> Iterator[tuple[int, Iterable[bytes]]]:
    """Yield size and pieces of each new file. Raises DeployError for a file that has changed since it was read."""
    for name, path in ready.new_blobs.items():
        if path in ready.extra:
            yield len(ready.extra[path]), (ready.extra[path],)
            continue
        file = ready.output / path
        size = file.stat().st_size
        if _named(size, pieces(file), algorithm) != name:
            raise DeployError(f"{path} changed while it was being published", f"{_NOTHING}; deploy again")
        yield size, pieces(file)
