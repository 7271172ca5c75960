"""`briefings serve` while the site is edited: no edit is lost, however it is saved; errors are told, and the last good site stays."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec import structs
from watchdog.observers import Observer

from briefings.engine.cache import Cache
from briefings.engine.scan import Scan, looked_again, scan, scan_sources
from briefings.serve.machine import Machine, Timing
from briefings.serve.preparation import EditionOrProblems, Preparation, assemble, load
from briefings.serve.saved_state import CACHE
from briefings.serve.settings import Viewer
from tests.kit.live import Answer, Client, Failed, Rebuilt, RootMoved, event, live_site, rebuilds, words
from tests.kit.small_sites import PATIENCE, note, run, small_site, tree, until, write

WIRE = {"content/site.yaml": "title: Desk\ntheme: wire\nurl: https://desk.example.org/\n"}
NOTE = "content/notes/2017-12-15-un-offer.md"
PAGE = "notes/un-offer/"
THEME = {
    "content/site.yaml": "title: Desk\ntheme: mine\nurl: https://desk.example.org/\n",
    "themes/mine/theme.yaml": "name: Mine\nextends: wire\n",
    "themes/mine/templates/note.html": "<!doctype html><title>{{ note.title }}</title><p>First.</p>{{ body }}</body>",
    "themes/mine/assets/wire.css": "p { color: red }",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return small_site(tmp_path / "desk", WIRE)


@pytest.fixture
def client(site: Path) -> Iterator[Client]:
    with live_site(site) as client:
        yield client


@pytest.fixture
def patient(site: Path) -> Iterator[Client]:
    """Asks a server that waits longer for the rest of a save: the machine may be so busy that the test is held up amid it."""
    with live_site(site, machine=Machine(timing=Timing(unfinished=1.0, patience=3.0))) as client:
        yield client


class Deaf(Observer):  # type: ignore[misc, valid-type]  # the class depends on the system
    """Listens to the system, and hears nothing."""

    def dispatch_events(self, event_queue: Any) -> None:
        """Take what the system tells, and say nothing of it."""
        event_queue.get(block=True)


class Recorder:
    """Loads what an edition is made of, and knows of each time which files were parsed."""

    def __init__(self) -> None:
        self.parsed: list[set[str]] = []

    def load(self, *arguments: Any) -> Preparation:
        """Load as the server does by itself."""
        preparation = load(*arguments)
        read = preparation.material.read
        self.parsed.append(set(read.changed) if read else set())
        return preparation


def body(site: Path, text: str, path: str = NOTE) -> bytes:
    """A note's bytes with another text, which ends as before."""
    header = (site / path).read_text(encoding="utf-8").split("---\n")[1]
    return f"---\n{header}---\n\n{text}\n\nThe [UN](actor:un) said so [@s1].\n".encode()


# ── How editors save ─────────────────────────────────────────────────────────


def in_place(path: Path, data: bytes) -> None:
    """nano, VS Code, and vim with backupcopy=yes: truncate, then write."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    time.sleep(0.03)
    os.write(descriptor, data[:20])
    time.sleep(0.02)
    os.write(descriptor, data[20:])
    os.fsync(descriptor)
    os.close(descriptor)


def by_rename(path: Path, data: bytes) -> None:
    """GNOME's and many others: a new file takes the place of the old one."""
    new = path.with_name(f".goutputstream-{path.name}")
    new.write_bytes(data)
    new.rename(path)


def from_elsewhere(path: Path, data: bytes) -> None:
    """A file that was written outside of the folders that are watched."""
    new = path.parents[2] / f"{path.name}.new"
    new.write_bytes(data)
    new.rename(path)


def vim(path: Path, data: bytes) -> None:
    """Vim with backupcopy=no: a probe, a swap file, the old one becomes the backup, a new one is written, the backup goes."""
    probe, swap, backup = path.with_name("4913"), path.with_name(f".{path.name}.swp"), path.with_name(f"{path.name}~")
    swap.write_bytes(b"b0VIM")
    os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    probe.unlink()
    path.rename(backup)
    time.sleep(0.02)
    path.write_bytes(data)
    path.chmod(0o644)
    backup.unlink()
    swap.unlink()


def emacs(path: Path, data: bytes) -> None:
    """Emacs: a lock that is a link to nothing, an autosaved copy, a backup by renaming, and the file."""
    lock, autosave, backup = path.with_name(f".#{path.name}"), path.with_name(f"#{path.name}#"), path.with_name(f"{path.name}~")
    lock.symlink_to("someone@desk.123:456")
    autosave.write_bytes(data[:50])
    path.rename(backup)
    path.write_bytes(data)
    autosave.unlink()
    lock.unlink()


def jetbrains(path: Path, data: bytes) -> None:
    """JetBrains' safe write: a temporary copy, the old one aside, the new one in its place."""
    new, old = path.with_name(f"{path.name}___jb_tmp___"), path.with_name(f"{path.name}___jb_old___")
    new.write_bytes(data)
    path.rename(old)
    new.rename(path)
    old.unlink()


def sed(path: Path, data: bytes) -> None:
    """`sed -i`: a file with a name of its own beside it, which then takes its place."""
    new = path.with_name("sedAbCdEf")
    new.write_bytes(data)
    new.rename(path)


def git(path: Path, data: bytes) -> None:
    """`git checkout`: the file goes, and another one comes."""
    path.unlink()
    time.sleep(0.01)
    path.write_bytes(data)


def same_second(path: Path, data: bytes) -> None:
    """With the time of the old one, as unpackers and `cp -p` do."""
    before = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("save", [in_place, by_rename, from_elsewhere, vim, emacs, jetbrains, sed, git, same_second])
def test_one_save_is_one_rebuild(patient: Client, save: Callable[[Path, bytes], None]) -> None:
    """However the file is saved, twice: its page is new, nothing else was ever wrong, and no more than needed was done."""
    client, site = patient, patient.live.site
    for text in ("The first edit.", "The second one."):
        save(site / NOTE, body(site, text) if (site / NOTE).exists() else b"")
        client.shows(PAGE, text)
    time.sleep(0.3)
    assert not [n for n in client.messages if isinstance(n, Failed)]
    assert [(n.changed, n.pages) for n in rebuilds(client)] == [((NOTE,), 1)] * 2
    assert not words(client)


def test_what_editors_leave_behind_is_no_content(patient: Client) -> None:
    client, site = patient, patient.live.site
    for name in (".a.md.swp", "a.md~", "#a.md#", "a.md___jb_tmp___", "a.md___jb_old___", ".goutputstream-X"):
        (site / "content/notes" / name).write_text("half a")
        (site / "content/assets").mkdir(exist_ok=True)
        (site / "content/assets" / name).write_text("half a")
    (site / "content/notes/.#a.md").symlink_to("someone@desk.123:456")
    client.live.doubt()
    (site / NOTE).write_bytes(body(site, "Seen after them."))
    client.shows(PAGE, "Seen after them.")
    assert not [n for n in client.messages if isinstance(n, Failed)]
    assert client.get("assets/a.md~").status == 404


def test_notes_come_move_and_go(client: Client) -> None:
    site = client.live.site
    write(site, {"content/notes/2018/new/one.md": note("Brand new", "2017-12-20")})
    client.shows("notes/one/", "Brand new")
    client.shows("", "Brand new")
    (site / "content/notes/2018").rename(site / "content/notes/2019")
    (site / "content/notes/2019/new/one.md").rename(site / "content/notes/2019/new/two.md")
    client.shows("notes/two/", "Brand new")
    client.until("notes/one/", lambda answer: answer.status == 404)
    shutil.rmtree(site / "content/notes/2019")
    client.until("notes/two/", lambda answer: answer.status == 404)
    client.until("", lambda answer: "Brand new" not in answer.text)


def test_a_title_changes_wherever_it_stands(client: Client) -> None:
    site = client.live.site
    (site / NOTE).write_bytes((site / NOTE).read_bytes().replace(b"UN offers to mediate", b"Another headline"))
    for address in (PAGE, "", "notes/", "topics/mediation/", "actors/un/"):
        client.shows(address, "Another headline")


def test_themes_and_settings_are_sources_too(tmp_path: Path) -> None:
    with live_site(small_site(tmp_path / "desk", WIRE)) as client:
        site = client.live.site
        write(site, THEME)  # the site's first theme of its own, in a folder that was not there
        client.shows(PAGE, "First.")
        assert client.get("theme/wire.css").text == "p { color: red }"
        write(site, {"themes/mine/assets/wire.css": "p { color: blue }"})
        client.until("theme/wire.css", lambda answer: "blue" in answer.text)
        template = "themes/mine/templates/note.html"
        write(site, {template: THEME[template].replace("First.", "Second.")})
        client.shows(PAGE, "Second.")
        write(site, {"content/site.yaml": "title: Renamed\ntheme: wire\nurl: https://example.org/base/\n"})
        until(lambda: client.live.base == "/base/")
        assert client.ask("/base/").status == 200


def settings(url: str) -> dict[str, str]:
    return {"content/site.yaml": f"title: Desk\ntheme: wire\nurl: https://example.org{url}\n"}


@pytest.mark.parametrize(("old", "new"), [("/", "/base/"), ("/base/", "/"), ("/base/", "/other/"), ("/a/", "/a/b/"), ("/a/b/", "/a/")])
def test_former_addresses_lead_to_the_site_when_its_root_moves(tmp_path: Path, old: str, new: str) -> None:
    with live_site(small_site(tmp_path / "desk", settings(old))) as client, client.events(PAGE, tag(client, PAGE)) as events:
        assert client.base == old
        write(client.live.site, settings(new))
        assert client.told(RootMoved) == [RootMoved(new)]
        assert event(events, "page")
        for address in ("", PAGE, "notes/", "theme/wire.css", "-/live.js", "-/events", "nothing/%C3%BC?x=1"):
            answer = client.ask(old + address)
            assert (answer.status, answer.headers["location"]) == (307, new + address), address
            assert address in ("-/events", "nothing/%C3%BC?x=1") or client.ask(new + address).status == 200
        assert client.ask(f"{old}-/view", method="POST", body=b"{}").headers["location"] == f"{new}-/view"
        # Two slashes at the beginning would lead to another host.
        assert client.ask(f"{old}/elsewhere.example/").headers["location"] == f"{new}elsewhere.example/"
        assert client.ask("/elsewhere/").status == (307 if old == "/" else 404)
        write(client.live.site, settings(old))
        assert client.told(RootMoved, 2)[-1] == RootMoved(old)
        assert client.ask(old + PAGE).status == 200
        assert client.ask(new + PAGE).headers["location"] == old + PAGE


def test_the_printed_address_leads_on_when_broken_settings_are_mended(tmp_path: Path) -> None:
    with live_site(small_site(tmp_path / "desk", {"content/site.yaml": "titel: Desk\n"})) as client:
        assert client.get("").status == 503
        write(client.live.site, settings("/base/"))
        client.told(RootMoved)
        assert client.ask("/").headers["location"] == "/base/"


def test_files_are_sent_as_the_edition_has_them(client: Client) -> None:
    site = client.live.site
    write(site, {"content/assets/a.txt": "one", "content/assets/big.bin": b"1" * 1_500_000})
    assert client.until("assets/a.txt", lambda answer: answer.status == 200).text == "one"
    write(site, {"content/assets/a.txt": "two", "content/assets/big.bin": b"2" * 1_500_000})
    client.until("assets/a.txt", lambda answer: answer.text == "two")
    client.until("assets/big.bin", lambda answer: answer.body == b"2" * 1_500_000)
    outside = site.parent / "outside.txt"
    outside.write_text("from outside")
    (site / "content/assets/a.txt").unlink()
    (site / "content/assets/a.txt").symlink_to(outside)
    client.told(Failed)
    assert "from outside" not in client.get("assets/a.txt").text


# ── Errors ───────────────────────────────────────────────────────────────────


def test_errors_keep_the_last_good_site(client: Client) -> None:
    site = client.live.site
    good = client.get(PAGE).body
    data = (site / NOTE).read_bytes()
    with client.events(PAGE, client.get(PAGE).headers["etag"][1:-1]) as events:
        assert event(events, "panel")
        (site / NOTE).write_bytes(data.replace(b"title:", b"titel:"))
        panel = event(events, "panel", lambda data: "titel" in data["html"])["html"]
        assert f"{NOTE}:2:1" in panel
        assert f"vscode://file{site}/{NOTE}:2:1" in panel
        assert client.get(PAGE).body == good
        (site / NOTE).write_bytes(data)
        assert "titel" not in event(events, "panel")["html"]
    (failed,) = client.told(Failed)
    assert [(d.code, d.place.line) for d in failed.problems] == [("unknown-key", 2)]
    assert client.told(Rebuilt, 2)[-1].mended


def test_a_content_folder_that_is_gone_is_one_problem(client: Client) -> None:
    site = client.live.site
    (site / "content").rename(site / "aside")
    failed = client.told(Failed)[-1]
    assert [(d.place.path, d.message, d.remedy) for d in failed.problems] == [("content", "this is gone", "put it back")]
    assert run(site).diagnostics == failed.problems
    (site / "aside").rename(site / "content")
    assert client.told(Rebuilt, 2)[-1].mended


@pytest.mark.parametrize("poll", [False, True])
def test_a_site_that_is_moved_away_is_told_once_and_found_again(tmp_path: Path, poll: bool) -> None:
    """Meanwhile nothing is written where it was: the folder could not come back."""
    site, aside = small_site(tmp_path / "desk", {**WIRE, "content/assets/a.txt": "a"}), tmp_path / "aside"
    with live_site(site, machine=Machine(poll=poll, timing=Timing(scan=0.2, poll=0.2))) as client:
        good, seen = client.get(PAGE).body, client.get("assets/a.txt").body
        (site / NOTE).write_bytes(body(site, "Before it goes."))
        client.shows(PAGE, "Before it goes.")
        good = client.get(PAGE).body
        for times in (1, 2):
            site.rename(aside)
            failed = client.told(Failed, times)[-1]
            assert [(d.message, d.remedy.partition(":")[0]) for d in failed.problems] == [
                (f"the site's folder is gone: {site}", "bring it back")
            ]
            time.sleep(1.0)
            assert not site.exists()
            assert (client.get(PAGE).body, client.get("assets/a.txt").body) == (good, seen), "the last good site is shown"
            aside.rename(site)
            mended = client.told(Rebuilt, 1 + 2 * times)[-1]
            assert (mended.mended, mended.changed, mended.pages) == (True, (), 0)
            (site / NOTE).write_bytes(body(site, f"Back again, {times}."))
            client.shows(PAGE, f"Back again, {times}.")
            good = client.get(PAGE).body
        assert len(client.told(Failed)) == 2
        assert not words(client)


def test_the_same_errors_are_told_once(client: Client) -> None:
    site = client.live.site
    write(site, {"content/notes/bad.md": note("Bad", topics="[nothing]")})
    client.told(Failed)
    for text in ("More.", "Still more."):
        write(site, {"content/notes/bad.md": note("Bad", topics="[nothing]", body=text)})
        time.sleep(0.2)
    write(site, {"content/notes/bad.md": note("Good", body="All is well.\n")})
    client.shows("notes/bad/", "All is well.")
    assert len(client.told(Failed)) == 1


def test_a_site_that_begins_with_errors_shows_them_until_they_are_mended(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", {**WIRE, NOTE: "no header\n"})
    with live_site(site) as client:
        answer = client.get(PAGE)
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert "/-/live.js" in answer.text
        with client.events(PAGE, "503.x") as events:
            assert "missing-header" in event(events, "panel")["html"]
            write(site, {NOTE: note("Now it is one", topics="[mediation]")})
            event(events, "page")
        client.shows(PAGE, "Now it is one")


def test_while_there_is_no_site_only_what_is_saved_is_parsed(tmp_path: Path) -> None:
    files = {f"content/notes/good-{i}.md": note(f"Good {i}") for i in range(5)}
    bad, recorder = "content/notes/bad.md", Recorder()
    site = small_site(tmp_path / "desk", {**WIRE, **files, NOTE: "no header\n", bad: "none here\n"})
    with live_site(site, machine=Machine(load=recorder.load)) as client:
        # What is as young as the scan that read it is read again.
        time.sleep(0.1)
        first = len(recorder.parsed)
        write(site, {NOTE: note("Now it is one", topics="[mediation]")})
        failed = client.told(Failed, 2)[-1]
        assert [d.place.path for d in failed.problems] == [bad], "errors in files that are as they were are known"
        write(site, {bad: note("Good at last")})
        client.shows(PAGE, "Now it is one")
        client.shows("notes/good-3/", "Good 3")
        assert set().union(*recorder.parsed[first:]) == {NOTE, bad}


def test_errors_in_files_are_told_before_those_between_files(site: Path) -> None:
    """To find the latter all is linked, which on a large site takes longer than an author should wait."""
    linked: list[Preparation] = []

    def recorded(preparation: Preparation, program: bytes) -> EditionOrProblems:
        linked.append(preparation)
        return assemble(preparation, program)

    with live_site(site, machine=Machine(assemble=recorded)) as client:
        linked.clear()
        write(site, {"content/notes/lost.md": note("Lost", topics="[nothing]"), "content/notes/bad.md": "no header"})
        assert [d.code for d in client.told(Failed)[0].problems] == ["missing-header"]
        assert not linked
        assert {d.code for d in client.told(Failed, 2)[1].problems} == {"missing-header", "unknown-topic"}
        write(site, {"content/notes/lost.md": note("Found"), "content/notes/bad.md": note("Good")})
        client.shows("notes/lost/", "Found")


@pytest.mark.parametrize("known", [False, True])
def test_warnings_about_what_readers_may_not_see_are_not_told_with_errors_in_files(site: Path, known: bool) -> None:
    """Which files those are is known only when all is linked."""
    files = {"content/notes/draft.md": note("Draft", draft="true", body="[Nowhere](nowhere.html\n"), "content/notes/bad.md": "no header"}
    if not known:
        write(site, files)
    with live_site(site, Viewer("TLP:CLEAR"), Machine(timing=Timing(link=0.05))) as client:
        if known:
            write(site, files)
        write(site, {"content/notes/bad.md": "still none, and no topic either"})
        client.told(Failed)
        time.sleep(0.3)
        assert {d.place.path for n in client.told(Failed) for d in n.problems} == {"content/notes/bad.md"}
    with live_site(site) as client:
        assert {d.place.path for n in client.told(Failed) for d in n.problems} == set(files)


TEMPLATE = "themes/mine/templates/note.html"


def test_a_template_that_fails_says_so_and_leaves_its_pages_as_they_were(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", THEME)
    with live_site(site) as client:
        with client.events(PAGE, client.get(PAGE).headers["etag"][1:-1]) as events:
            good = client.get(PAGE)
            write(site, {TEMPLATE: "<p>{{ note.titel }}</p></body>"})
            assert "titel" in event(events, "panel", lambda data: "titel" in data["html"])["html"]
            answer = client.get(PAGE)
            assert (answer.status, answer.body) == (200, good.body)
            (site / NOTE).write_bytes(body(site, "Edited all the same."))
            event(events, "page")
            client.shows(PAGE, "Edited all the same.")
            write(site, {TEMPLATE: "<p>Mended {{ note.title }}</p></body>"})
            event(events, "page")
            assert "titel" not in event(events, "panel")["html"]
        client.shows(PAGE, "Mended")
        write(site, {TEMPLATE: "{% if %}"})
        assert client.told(Failed, 2)[-1].problems[0].code == "template-error"
        assert client.get(PAGE).status == 200


@pytest.mark.parametrize("source", ["{{ note.nonsense }}", '{% extends "wire/nope.html" %}', "{{ 1/0 }}"])
def test_a_template_s_error_is_told_though_nobody_looks(tmp_path: Path, source: str) -> None:
    """Once, on the terminal and on pages that do not use the template; and nothing is mended before it is."""
    site = small_site(tmp_path / "desk", THEME)
    with live_site(site) as client, client.events("", tag(client, "")) as events:
        write(site, {TEMPLATE: source})
        (failed,) = client.told(Failed)
        assert [(d.code, d.place.path, d.place.line) for d in failed.problems] == [("template-error", TEMPLATE, 1)]
        assert event(events, "panel", lambda data: TEMPLATE in data["html"])
        (site / NOTE).write_bytes(body(site, "Edited meanwhile."))
        client.shows(PAGE, "Edited meanwhile.")
        write(site, {TEMPLATE: f"{source}\n<p></p>"})
        client.told(Rebuilt, 4)
        assert not any(n.mended for n in rebuilds(client))
        write(site, {TEMPLATE: THEME[TEMPLATE]})
        assert client.told(Rebuilt, 5)[-1].mended
        assert len(client.told(Failed)) == 1


def test_a_template_that_fails_on_one_page_is_told_when_that_page_is_asked_for(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", {**THEME, "content/notes/other.md": note("Other")})
    with live_site(site) as client, client.events("", tag(client, "")) as events:
        edition = client.live.state.edition
        assert edition is not None
        tried, other = (p for p, entry in edition.known.body.plan.pages.items() if entry.template == "note.html")
        record = edition.record(other)
        assert record is not None
        good = client.get(other).body
        write(site, {TEMPLATE: f"{{% if note.id == '{record.id}' %}}{{{{ 1/0 }}}}{{% endif %}}Passed.</body>"})
        client.shows(tried, "Passed.")
        client.told(Rebuilt, 2)
        assert not [n for n in client.messages if isinstance(n, Failed)]
        assert [client.get(other).body for _ in range(2)] == [good, good]
        assert len(client.told(Failed)) == 1
        assert event(events, "panel", lambda data: TEMPLATE in data["html"])
        write(site, {"content/notes/third.md": note("Third")})
        client.shows("notes/third/", "Passed.")
        assert not client.told(Rebuilt, 3)[-1].mended
        assert len(client.told(Failed)) == 1


def test_what_a_template_never_showed_is_an_error_and_what_it_showed_stays(tmp_path: Path) -> None:
    """Where no theme came before, a page stays as it was last; only a page that never was is an error."""
    fails = "<p>{{ note.title }}{% if note.title == 'Bad' %}{{ 1/0 }}{% endif %}</p></body>"
    site = small_site(tmp_path / "desk", {**THEME, TEMPLATE: fails, "content/notes/bad.md": note("Bad")})
    with live_site(site) as client:
        assert client.get("notes/bad/").status == 500
        assert [(n.shown, n.partly) for n in client.told(Failed)] == [(False, True)]
        good = client.get(PAGE)
        data = (site / NOTE).read_bytes()
        (site / NOTE).write_bytes(data.replace(b"UN offers to mediate", b"Bad"))
        client.shows("", "Bad")
        client.until("actors/un/", lambda answer: "UN offers to mediate" not in answer.text)
        assert client.get(PAGE).body == good.body
        (site / NOTE).write_bytes(data)


def test_a_missing_page_is_missing_though_the_template_for_it_fails(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", THEME)
    with live_site(site) as client:
        good = client.get("nothing/")
        write(site, {"themes/mine/templates/404.html": "{{ nonsense }}"})
        client.told(Failed)
        answer = client.get("nothing/")
        assert (answer.status, answer.body) == (404, good.body)


def test_what_was_found_late_is_not_told_of_files_that_have_changed(site: Path) -> None:
    lost, linked = "content/notes/lost.md", threading.Event()

    def slowly(preparation: Preparation, program: bytes) -> EditionOrProblems:
        if (site / lost).exists() and not linked.is_set():
            linked.set()
            # While all is linked, the author goes on.
            write(site, {lost: note("Found", body="Another\n\nbody.\n")})
        return assemble(preparation, program)

    with live_site(site, machine=Machine(assemble=slowly)) as client:
        write(site, {lost: note("Lost", topics="[nothing]"), "content/notes/bad.md": "no header"})
        assert linked.wait(PATIENCE)
        client.told(Failed)
        time.sleep(0.3)
        write(site, {"content/notes/bad.md": note("Good")})
        client.shows("notes/lost/", "Found")
        assert {d.code for n in client.told(Failed) for d in n.problems} == {"missing-header"}


def test_a_half_written_file_is_waited_for(patient: Client) -> None:
    """A file that is empty for a moment is no error."""
    client, site = patient, patient.live.site
    path = site / NOTE
    data = body(site, "Written slowly.")
    with path.open("wb") as file:
        time.sleep(0.06)
        file.write(data)
    client.shows(PAGE, "Written slowly.")
    assert not [n for n in client.messages if isinstance(n, Failed)]


# ── What open pages are told ─────────────────────────────────────────────────


def tag(client: Client, address: str) -> str:
    return client.get(address).headers["etag"][1:-1]


def test_only_the_page_that_changed_is_told(client: Client) -> None:
    site = client.live.site
    with client.events(PAGE, tag(client, PAGE)) as mine, client.events("actors/japan/", tag(client, "actors/japan/")) as other:
        assert [next(events)[0] for events in (mine, other) for _ in range(2)] == ["hello", "panel", "hello", "panel"]
        (site / NOTE).write_bytes(body(site, "For one page."))
        assert event(mine, "page") == {"page": tag(client, PAGE)}
        write(site, {"content/actors/japan.yaml": "name: Nippon\ntype: state\n"})
        assert next(other) == ("page", {"page": tag(client, "actors/japan/")})


def test_a_page_that_is_old_is_told_at_once(client: Client) -> None:
    with client.events(PAGE, "old") as events:
        assert next(events)[0] == "hello"
        assert next(events) == ("page", {"page": tag(client, PAGE)})


def test_a_deleted_page_says_so_and_comes_back(client: Client) -> None:
    site = client.live.site
    write(site, {"content/notes/x.md": note("X")})
    client.shows("notes/x/", "X")
    with client.events("notes/x/", tag(client, "notes/x/")) as events:
        assert event(events, "panel")
        (site / "content/notes/x.md").unlink()
        gone = event(events, "panel")["html"]
        write(site, {"content/notes/x.md": note("X")})
        assert event(events, "page") == {"page": tag(client, "notes/x/")}
        assert event(events, "panel")["html"] != gone


def test_an_address_without_a_page_is_told_when_there_is_one(client: Client) -> None:
    missing = tag(client, "notes/later/")
    assert missing.startswith("404.")
    with client.events("notes/later/", missing) as events:
        assert [next(events)[0], next(events)[0]] == ["hello", "panel"]
        write(client.live.site, {"content/notes/later.md": note("Later")})
        assert event(events, "page") == {"page": tag(client, "notes/later/")}


def test_files_are_told_to_every_page(tmp_path: Path) -> None:
    with live_site(small_site(tmp_path / "desk", THEME)) as client, client.events(PAGE, tag(client, PAGE)) as events:
        assert event(events, "panel")
        write(client.live.site, {"themes/mine/assets/wire.css": "p { color: blue }"})
        assert next(events) == ("css", {"href": ["theme/wire.css"]})


def test_follow_leads_to_the_record_that_is_saved(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", WIRE)
    with live_site(site, follow=True) as client, client.events("", tag(client, "")) as events:
        assert event(events, "panel")
        (site / NOTE).write_bytes(body(site, "Follow me."))
        assert event(events, "follow") == {"url": PAGE}
        write(site, {"content/actors/japan.yaml": "name: Nippon\ntype: state\n"})
        assert event(events, "follow") == {"url": "actors/japan/"}


def test_a_client_has_four_streams_at_most(client: Client) -> None:
    """The oldest ends, so that the browser keeps connections for pages."""
    with client.events("") as first, client.events(""), client.events(""), client.events(""), client.events("") as last:
        assert event(last, "panel")
        assert list(first)[-1] == ("wait", {}), "it is told to come back"
        (client.live.site / NOTE).write_bytes(body(client.live.site, "Go on."))
        client.shows(PAGE, "Go on.")


def test_a_page_that_gave_way_is_told_which_files_changed_meanwhile(tmp_path: Path) -> None:
    with live_site(small_site(tmp_path / "desk", THEME)) as client, client.events(PAGE, tag(client, PAGE)) as first:
        assert event(first, "panel")
        with client.events(""), client.events(""), client.events(""), client.events(""):
            assert event(first, "wait") == {}
            write(client.live.site, {"themes/mine/assets/wire.css": "p { color: blue }"})
            client.until("theme/wire.css", lambda answer: "blue" in answer.text)
            with client.events(PAGE, tag(client, PAGE)) as again:
                assert event(again, "css") == {"href": ["theme/wire.css"]}


# ── For whom, and when ───────────────────────────────────────────────────────

VISIBLE = {
    **WIRE,
    "content/notes/draft.md": note("A draft", draft="true"),
    "content/notes/later.md": note("For later", embargo="2018-06-01"),
    "content/notes/amber.md": note("For some", marking="TLP:AMBER"),
}
NOW = dt.datetime(2018, 1, 1, 12, tzinfo=dt.UTC)


def choose(client: Client, **choice: str) -> tuple[int, dict[str, str]]:
    """What is answered to the bar, and the cookie to send from then on."""
    answer = client.ask(f"{client.base}-/view?{urlencode(choice)}", method="POST")
    return answer.status, {"Cookie": answer.headers.get("set-cookie", "").split(";")[0]}


def shown(client: Client, headers: dict[str, str]) -> list[bool]:
    return [client.get(f"notes/{name}/", headers).status == 200 for name in ("draft", "later", "amber")]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"audience": "TLP:CLEAR"}, [False, False, False]),
        ({"audience": "TLP:AMBER"}, [False, False, True]),
        ({"audience": "TLP:CLEAR", "now": "2018-06-02T00:00"}, [False, True, False]),
        ({"audience": "TLP:RED", "now": "2018-06-02"}, [False, True, True]),
        ({"audience": "desk"}, [True, True, True]),
        ({}, [True, True, True]),
    ],
)
def test_the_desk_sees_the_site_as_others_do(tmp_path: Path, choice: dict[str, str], expected: list[bool]) -> None:
    with live_site(small_site(tmp_path / "desk", VISIBLE), Viewer("desk", NOW)) as client:
        status, cookie = choose(client, **choice)
        assert status == 204
        assert shown(client, cookie) == expected
        assert shown(client, {}) == [True, True, True]
        # What is edited is seen by all of them.
        write(client.live.site, {NOTE: note("Edited", topics="[mediation]")})
        client.until(PAGE, lambda answer: "Edited" in answer.text, cookie)


@pytest.mark.parametrize(
    "choice", [{"audience": "TLP:PINK"}, {"now": "tomorrow"}, {"now": "9999-12-31T23:59"}, {"nows": ""}, {"now": "2018-02-30"}]
)
def test_views_that_do_not_exist_are_refused(client: Client, choice: dict[str, str]) -> None:
    assert choose(client, **choice)[0] == 400


def test_a_choice_ends_with_the_server_that_it_was_made_at(tmp_path: Path) -> None:
    """It neither outlives a restart nor reaches another site at the same port."""
    site = small_site(tmp_path / "desk", VISIBLE)
    with live_site(site) as client:
        status, cookie = choose(client, audience="TLP:CLEAR")
        port = client.port
        assert status == 204
        assert shown(client, cookie) == [False, True, False]
    with live_site(site, Viewer("desk", NOW)) as client:
        assert client.port == port, "the cookie is named by the port"
        assert shown(client, cookie) == [True, True, True]


def test_nobody_sees_more_than_the_server_shows(tmp_path: Path) -> None:
    """Neither by asking for it, nor by making up the cookie; nor the desk's folders and problems."""
    site = small_site(tmp_path / "desk", VISIBLE)
    with live_site(site, Viewer("TLP:GREEN", NOW), private=True) as client:
        assert choose(client, audience="desk")[0] == 400
        assert choose(client, audience="TLP:AMBER")[0] == 400
        assert choose(client, now="2018-07-01")[0] == 400
        assert choose(client, audience="TLP:CLEAR")[0] == 204
        with client.events("") as events:
            run_ = event(events, "hello")["run"]
        for made_up in ("desk|", "TLP:RED|", "|2018-07-01", "TLP:GREEN|2018-07-01"):
            assert shown(client, {"Cookie": f"briefings-view-{client.port}={run_}|{made_up}"}) == [False, False, False]
        write(site, {"content/notes/draft.md": note("A draft with a restricted word", draft="true", restricted_name="x")})
        client.told(Failed)
        with client.events(PAGE) as events:
            panel = event(events, "panel", lambda data: "problem" in data["html"])["html"]
        assert not any(word in panel for word in ("restricted", "draft", str(site), "vscode:", NOTE))


def test_the_bar_tells_the_state_of_a_record(tmp_path: Path) -> None:
    with live_site(small_site(tmp_path / "desk", VISIBLE), Viewer("desk", NOW)) as client:
        for name, words_ in (("draft", "Draft"), ("later", "Embargoed until 2018-06-02 00:00 UTC"), ("amber", "TLP:AMBER")):
            with client.events(f"notes/{name}/") as events:
                html = event(events, "panel")["html"]
            assert words_ in html
            assert f"vscode://file{client.live.site}/content/notes/{name}.md" in html


def test_the_desk_is_told_why_others_do_not_see_a_page(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", VISIBLE)

    def told(client: Client, address: str, cookie: dict[str, str]) -> str:
        with client.events(address, "404.x", cookie) as events:
            html: str = event(events, "panel")["html"]
            return html

    with live_site(site, Viewer("desk", NOW)) as client:
        _, cookie = choose(client, audience="TLP:CLEAR")
        assert "TLP:CLEAR may not see this page</b> (Draft)" in told(client, "notes/draft/", cookie)
        assert f"vscode://file{site}/content/notes/draft.md" in told(client, "notes/draft/", cookie)
        assert "may not see" not in told(client, PAGE, cookie)
        assert "may not see" not in told(client, "notes/never/", cookie)
        with client.events(PAGE, tag(client, PAGE), cookie) as events:
            write(site, {NOTE: note("Withdrawn to the desk", marking="TLP:RED")})
            html = event(events, "panel", lambda data: "may not" in data["html"])["html"]
            assert "no longer exists" not in html
    # Who is not the desk is told neither by a server for it nor by its own.
    with live_site(site, Viewer("TLP:RED", NOW)) as client:
        _, cookie = choose(client, audience="TLP:CLEAR")
        for sent in (cookie, {}):
            for name in ("draft", "amber", "later"):
                html = told(client, f"notes/{name}/", sent)
                assert "may not see" not in html
                assert sent == {} or "content/notes/" not in html


def test_the_clock_moves_on_by_itself(tmp_path: Path) -> None:
    """A note appears when its embargo ends, though no file changes."""
    soon = NOW + dt.timedelta(seconds=1)
    clock = [NOW]
    files = {**WIRE, "content/notes/soon.md": note("Soon", embargo=soon.isoformat(timespec="seconds"))}
    with live_site(small_site(tmp_path / "desk", files), Viewer("TLP:CLEAR"), Machine(now=lambda: clock[0])) as client:
        assert client.get("notes/soon/").status == 404
        clock[0] = soon
        client.until("notes/soon/", lambda answer: answer.status == 200)
        assert [n.changed for n in client.told(Rebuilt, 2)] == [(), ()]


def test_the_clock_does_not_run_hot_while_there_are_errors(tmp_path: Path) -> None:
    soon, recorder = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2), Recorder()
    files = {**WIRE, "content/notes/soon.md": note("Soon", embargo=soon.isoformat(timespec="seconds"))}
    with live_site(small_site(tmp_path / "desk", files), Viewer("TLP:CLEAR"), Machine(load=recorder.load)) as client:
        write(client.live.site, {"content/notes/bad.md": "no header"})
        client.told(Failed)
        time.sleep(2.5)
        assert len(recorder.parsed) <= 5
        write(client.live.site, {"content/notes/bad.md": None})
        client.until("notes/soon/", lambda answer: answer.status == 200)


# ── Nothing is lost ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("between", [0.0, 0.3])
@pytest.mark.parametrize("folder", ["content", "themes"])
def test_a_folder_that_is_taken_away_and_put_back_is_listened_to(tmp_path: Path, folder: str, between: float) -> None:
    site = small_site(tmp_path / "desk", THEME)
    with live_site(site, machine=Machine(timing=Timing(scan=600))) as client:
        client.shows(PAGE, "First.")
        shutil.copytree(site / folder, tmp_path / "aside")
        shutil.rmtree(site / folder)
        time.sleep(between)
        shutil.copytree(tmp_path / "aside", site / folder)
        time.sleep(0.5)
        for text in ("One.", "Two."):
            write(site, {NOTE: body(site, text), TEMPLATE: THEME[TEMPLATE].replace("First.", text)})
            client.until(PAGE, partial(says_twice, text))
        (site / folder).rename(site / "away")
        shutil.copytree(tmp_path / "aside", tmp_path / "new")
        (tmp_path / "new").rename(site / folder)
        time.sleep(0.5)
        write(site, {NOTE: body(site, "Three."), TEMPLATE: THEME[TEMPLATE].replace("First.", "Four.")})
        client.shows(PAGE, "Three.")
        client.shows(PAGE, "Four.")


def test_without_events_scans_find_everything(site: Path) -> None:
    with live_site(site, machine=Machine(poll=True)) as client:
        for text in ("One.", "Two.", "Three."):
            (site / NOTE).write_bytes(body(site, text))
            client.shows(PAGE, text)
        assert not words(client)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
def test_at_the_limit_of_the_system_it_scans_and_says_so_once(site: Path, number: int) -> None:
    class Full(Observer):  # type: ignore[misc, valid-type]  # the class depends on the system
        def schedule(self, *_: object, **__: object) -> None:
            raise OSError(number, "inotify watch limit reached")

    with live_site(site, machine=Machine(observer=Full)) as client:
        for text in ("One.", "Two."):
            (site / NOTE).write_bytes(body(site, text))
            client.shows(PAGE, text)
        (word,) = words(client)
        assert "inotify watch limit reached" in word
        assert "scanned every 0.5 seconds" in word


def test_lost_events_are_made_up_for(site: Path) -> None:
    with live_site(site, machine=Machine(observer=Deaf, timing=Timing(scan=0.3))) as client:
        (site / NOTE).write_bytes(body(site, "Nobody told."))
        client.shows(PAGE, "Nobody told.")


def test_a_save_within_the_clock_s_tick_is_seen(site: Path) -> None:
    """The same size and the same stamp: only the bytes differ."""
    tick = time.time_ns() + 3_600_000_000_000

    def coarse(folder: Path) -> Scan:
        """As a file system tells of it whose clock ticks once in an hour."""
        seen = scan_sources(folder)
        return structs.replace(seen, files={path: (size, tick, tick, inode) for path, (size, _, _, inode) in seen.files.items()})

    with live_site(site, machine=Machine(observer=Deaf, scan=coarse, timing=Timing(scan=0.3))) as client:
        for number in range(3):
            (site / NOTE).write_bytes(body(site, f"Same size {number}."))
            client.shows(PAGE, f"Same size {number}.")


MANY = 20
"""Rebuilds that a checkout of hundreds of files may take where the machine is so busy that it comes in spurts; it is one or two else."""


def test_a_checkout_of_many_files_is_few_rebuilds(tmp_path: Path) -> None:
    many = {f"content/notes/n{number:04}.md": note(f"Note {number}", body="Before.\n") for number in range(300)}
    site = small_site(tmp_path / "desk", {**WIRE, **many})
    with live_site(site) as client:
        storm(site, many, "After.")
        for name in ("n0000", "n0150", "n0299"):
            client.shows(f"notes/{name}/", "After.")
        assert len(rebuilds(client)) <= MANY


def storm(site: Path, many: dict[str, str], text: str) -> None:
    """Rewrite many files as `git checkout` does."""
    for path, data in many.items():
        (site / path).unlink()
        (site / path).write_text(data.replace("Before.", text))


@pytest.mark.long
@pytest.mark.no_cover
def test_a_checkout_of_thousands_of_files_loses_none(tmp_path: Path) -> None:
    many = {f"content/notes/{n % 50}/n{n:04}.md": note(f"Note {n}", body="Before.\n") for n in range(5000)}
    site = small_site(tmp_path / "desk", {**WIRE, **many})
    with live_site(site, machine=Machine(jobs=2), ready=False) as client:
        until(lambda: client.live.state.edition is not None)
        storm(site, many, "After.")
        for n in range(5000):
            client.shows(f"notes/n{n:04}/", "After.")
        assert 1 <= len(rebuilds(client)) <= MANY


def says_twice(text: str, answer: Answer) -> bool:
    """Whether the note and its template both say so."""
    return answer.text.count(text) == 2


def saves(client: Client, count: int, more: str = "") -> None:
    site = client.live.site
    for number in range(count):
        (site / NOTE).write_bytes(body(site, f"Save number {number}.\n\n{more}"))
        if number % 10 == 0 or number == count - 1:
            client.shows(PAGE, f"Save number {number}.")
            # Each message holds its edition.
            client.messages.clear()
        else:
            time.sleep(0.002)


def test_the_last_of_many_saves_is_shown(client: Client) -> None:
    saves(client, 100)


@pytest.mark.long
@pytest.mark.no_cover
def test_two_thousand_saves_take_no_more_memory(client: Client) -> None:
    long = "A paragraph that says much. " * 2000
    saves(client, 300, long)
    before = memory()
    saves(client, 2000, long)
    assert memory() - before < 12


def memory() -> float:
    """Resident memory of this process, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    pytest.skip("this system does not tell how much memory a process has")


# ── With builds ──────────────────────────────────────────────────────────────


def test_a_build_after_it_equals_a_clean_one(site: Path, tmp_path: Path) -> None:
    run(site)
    with live_site(site) as client:
        (site / NOTE).write_bytes(body(site, "Edited while served."))
        client.shows(PAGE, "Edited while served.")
        assert "Edited" not in (site / f"_site/{PAGE}index.html").read_text()
        run(site)
        write(site, {"content/notes/n.md": note("During")})
        client.shows("notes/n/", "During")
    assert run(site).ok
    assert run(site, output=tmp_path / "clean", clean=True).ok
    assert tree(site / "_site") == tree(tmp_path / "clean")


def is_saved(client: Client) -> bool:
    """Whether the next start begins with the edition that was shown first."""
    header = Cache(client.live.site, "desk", name=CACHE).header()
    return header is not None and any(n.first and n.edition.seen.at == header.scanned for n in client.told(Rebuilt))


def test_it_starts_from_what_it_saved(site: Path) -> None:
    recorder = Recorder()
    with live_site(site, machine=Machine(load=recorder.load)) as client:
        (site / NOTE).write_bytes(body(site, "Remembered."))
        client.shows(PAGE, "Remembered.")
        until(lambda: is_saved(client))
    assert len(recorder.parsed[0]) > 1
    recorder.parsed.clear()
    with live_site(site, machine=Machine(load=recorder.load)) as client:
        client.shows(PAGE, "Remembered.")
    # That file is read again only if it was so young when it was seen that it may have changed since.
    assert set().union(*recorder.parsed) <= {NOTE}


def test_it_starts_from_a_build_that_kept_no_guarded_records(site: Path) -> None:
    gone = note("Gone", withdrawn="{date: 2017-12-20, reason: It was wrong.}")
    write(site, {"content/notes/gone.md": gone, "content/notes/a.md": note(body="See [it](note:gone).\n")})
    for path in site.rglob("content/**/*.*"):
        # What is old is not read again.
        os.utime(path, (1_500_000_000, 1_500_000_000))
    assert run(site).ok
    with live_site(site) as client:
        client.shows("notes/gone/", "It was wrong.")
        edition = client.live.state.edition
        assert edition is not None
        assert edition.record("notes/a/index.html") is not None
        until(lambda: is_saved(client))
        assert words(client) == []


@pytest.mark.parametrize("damage", [b"", b"no database", None])
def test_damage_of_what_it_saved_costs_only_time(site: Path, damage: bytes | None) -> None:
    cache = site / ".briefings/serve-desk.sqlite"
    for _ in range(2):
        with live_site(site) as client:
            assert client.get(PAGE).status == 200
            until(lambda: cache.exists() and is_saved(client))
            if damage is None:
                cache.write_bytes(bytearray(b ^ (i % 997 == 0) for i, b in enumerate(cache.read_bytes())))
            else:
                cache.write_bytes(damage)
            (site / NOTE).write_bytes(body(site, f"After damage {time.time_ns()}"))
            client.shows(PAGE, "After damage")
            assert not words(client)


@pytest.mark.parametrize("damage", ["UPDATE entry SET data = x'00' WHERE key = ?", "DELETE FROM entry WHERE key = ?"])
def test_a_file_whose_saved_records_are_lost_is_parsed_again(site: Path, damage: str) -> None:
    """So are those that are never saved, since they tell of a withdrawn record."""
    gone = note("Gone", withdrawn="{date: 2017-12-20, reason: It was wrong.}")
    unsaved = {"content/notes/gone.md": gone, "content/notes/a.md": note(body="See [it](note:gone).\n")}
    write(site, unsaved)
    with live_site(site) as client:
        until(lambda: is_saved(client))
    with closing(sqlite3.connect(site / ".briefings/serve-desk.sqlite")) as cache, cache:
        assert cache.execute(f"{damage} AND kind = 'records'", (NOTE,)).rowcount == 1
    for lost in ({NOTE, *unsaved}, {*unsaved}):
        recorder = Recorder()
        with live_site(site, machine=Machine(load=recorder.load)) as client:
            for address in (PAGE, "notes/a/"):
                with client.events(address) as events:
                    assert event(events, "panel")
            until(lambda: is_saved(client))
            assert words(client) == []
        assert recorder.parsed[0] == lost


def test_a_file_from_the_future_is_read_once_and_the_site_is_saved(site: Path) -> None:
    recorder = Recorder()
    os.utime(site / NOTE, (4_070_908_800, 4_070_908_800))
    with live_site(site, machine=Machine(load=recorder.load, timing=Timing(scan=0.1))) as client:
        until(lambda: is_saved(client))
        count = len(recorder.parsed)
        time.sleep(0.5)
        assert len(recorder.parsed) == count


def test_a_clock_that_is_ahead_does_not_keep_the_site_from_being_saved(site: Path) -> None:
    """Each scan finds files that may have changed without a new stamp."""
    ahead = time.time_ns() + 3_600_000_000_000

    def scanned(folder: Path) -> Scan:
        seen = scan_sources(folder)
        return structs.replace(seen, files={path: (size, ahead, ahead, inode) for path, (size, _, _, inode) in seen.files.items()})

    with live_site(site, machine=Machine(scan=scanned, timing=Timing(scan=0.1))) as client:
        until(lambda: is_saved(client))


def test_the_port_is_open_while_the_first_edition_is_made(site: Path) -> None:
    go = threading.Event()

    def slowly(*arguments: Any) -> Preparation:
        go.wait(PATIENCE)
        return load(*arguments)

    with live_site(site, machine=Machine(load=slowly), ready=False) as client:
        answer = client.get(PAGE)
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert "Building the site" in answer.text
        with client.events(PAGE, answer.headers["etag"][1:-1]) as events:
            assert "Building" in event(events, "panel")["html"]
            go.set()
            assert event(events, "page")["page"] == tag(client, PAGE)


def test_a_bug_is_told_and_does_not_end_it(site: Path) -> None:
    has_bug = threading.Event()

    def buggy(*arguments: Any) -> Preparation:
        if has_bug.is_set():
            raise ZeroDivisionError
        return load(*arguments)

    with live_site(site, machine=Machine(load=buggy)) as client:
        has_bug.set()
        (site / NOTE).write_bytes(body(site, "Not yet."))
        until(lambda: words(client))
        assert "ZeroDivisionError" in words(client)[0]
        has_bug.clear()
        (site / NOTE).write_bytes(body(site, "Now it is."))
        client.shows(PAGE, "Now it is.")


def test_a_scan_that_fails_is_told_and_tried_again(site: Path) -> None:
    has_bug = threading.Event()

    def buggy(folder: Path) -> Scan:
        if has_bug.is_set():
            raise ZeroDivisionError
        return scan_sources(folder)

    with live_site(site, machine=Machine(scan=buggy, observer=Deaf, timing=Timing(scan=0.05))) as client:
        has_bug.set()
        (site / NOTE).write_bytes(body(site, "Not yet."))
        once(client, has_bug)
        client.shows(PAGE, "Not yet.")


def once(client: Client, has_bug: threading.Event) -> None:
    """Wait until the bug is told, and see that it is not told again."""
    until(lambda: words(client))
    time.sleep(0.5)
    assert len(words(client)) == 1
    has_bug.clear()


def never_scans(**fields: float) -> Timing:
    """Files are looked at after events alone: the scan after one would find that a file so young may have changed unseen."""
    return Timing(scan=600, **fields)


def test_a_bug_amid_linking_is_told_once(site: Path) -> None:
    has_bug = threading.Event()

    def buggy(preparation: Preparation, program: bytes) -> EditionOrProblems:
        if has_bug.is_set():
            raise ZeroDivisionError
        return assemble(preparation, program)

    with live_site(site, machine=Machine(assemble=buggy, timing=never_scans(link=0.05))) as client:
        has_bug.set()
        write(site, {"content/notes/bad.md": "no header"})
        client.told(Failed)
        once(client, has_bug)
        write(site, {"content/notes/bad.md": note("Good")})
        client.until("notes/bad/", lambda answer: answer.status == 200)


def test_a_bug_at_the_end_of_an_embargo_is_told_once(tmp_path: Path) -> None:
    soon, clock, has_bug = NOW + dt.timedelta(seconds=1), [NOW], threading.Event()

    def buggy(*arguments: Any) -> Preparation:
        if has_bug.is_set():
            raise ZeroDivisionError
        return load(*arguments)

    site = small_site(tmp_path / "desk", {**WIRE, "content/notes/soon.md": note("Soon", embargo=soon.isoformat(timespec="seconds"))})
    machine = Machine(now=lambda: clock[0], load=buggy, timing=never_scans())
    with live_site(site, Viewer("TLP:CLEAR"), machine) as client:
        has_bug.set()
        clock[0] = soon
        once(client, has_bug)
        write(site, {"content/notes/n.md": note("Another")})
        client.until("notes/soon/", lambda answer: answer.status == 200)


# ── Looking again ────────────────────────────────────────────────────────────


def test_looking_again_at_what_changed_finds_what_a_scan_would(site: Path) -> None:
    seen = scan(site, "content")
    write(site, {NOTE: "changed", "content/notes/new.md": "new", "content/actors/japan.yaml": None, "content/.hidden": "x"})
    paths = [NOTE, "content/notes/new.md", "content/actors/japan.yaml", "content/.hidden", "content/notes/never.md"]
    again = looked_again(seen, site, paths)
    assert again is not None
    assert again.files == scan(site, "content").files


def test_only_a_scan_can_tell_of_folders_and_links(site: Path) -> None:
    seen = scan(site, "content")
    (site / "content/link.md").symlink_to(NOTE)
    assert looked_again(seen, site, ["content/link.md"]) is None
    assert looked_again(seen, site, ["content/notes"]) is None
    shutil.rmtree(site / "content/actors")
    assert looked_again(seen, site, ["content/actors"]) is None


def test_outsiders_are_not_told_when_a_record_lapses(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", {"content/notes/lapses.md": note("Lapses", expires="2026-01-01")})
    for private in (False, True):
        with live_site(site, Viewer("TLP:CLEAR", NOW), private=private) as client, client.events("notes/lapses/") as events:
            assert ("Expires 2026" in event(events, "panel")["html"]) is not private
