"""Not one byte of what readers may not see: canaries, the same site without its secrets, seeded leaks, and instants to the second."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from briefings.cli.options import MARKINGS
from briefings.content.entries import Event, Visible
from briefings.content.schema.dates import Moment, zone
from briefings.content.schema.edtf import EventDate
from briefings.core.config import Marking
from briefings.desk.check import check
from briefings.engine.api import BuildReport, BuildRequest, quiet
from briefings.engine.build import build
from briefings.engine.cache import Cache
from briefings.engine.state import StateBody
from briefings.site.visibility import Readers
from tests.kit import seeded_leaks
from tests.kit.halves import HALVES, Half, halves
from tests.kit.secrets import PUBLIC_NOTE, Secrets, found_in, secrets
from tests.kit.small_sites import NOW, PATIENCE, REPOSITORY, codes, note, run, small_site, tree, write
from tests.kit.tiny_site import gif

GUARDS = ("marking: TLP:GREEN", "marking: TLP:RED", "draft: true", "embargo: 2018-01-01T12:00:01Z", "expires: 2018-01-01T12:00:00Z")
"""For each way of keeping something from readers a line that does."""


def build_for(site: Path, audience: Marking | None = None, *, drafts: bool = False, clean: bool = False) -> BuildReport:
    return build(BuildRequest(site.resolve(), site / "_site", NOW, audience=audience, drafts=drafts, clean=clean))


def secret_site(folder: Path, guard: str) -> tuple[Path, Secrets]:
    kept = secrets(guard)
    return small_site(folder, kept.files), kept


# ── Canaries ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("guard", GUARDS)
def test_no_secret_is_in_what_a_build_writes(guard: str, tmp_path: Path) -> None:
    site, kept = secret_site(tmp_path, guard)
    for change in ("A short summary.", "Another summary.", "Another summary.", "Another one."):
        write(site, {PUBLIC_NOTE: note("UN offers to mediate", summary=change, topics="[mediation]", actors="[un, guterres]")})
        assert codes(build_for(site)) == []
        assert found_in(site / "_site", kept.meaning) == set()
        assert found_in(site / ".briefings", kept.meaning) == set()
    assert "987,654,321" not in (site / "_site/topics/open/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("guard", ["marking: TLP:RED", "draft: true", "expires: 2017-12-31"])
def test_what_was_public_leaves_nothing_when_it_becomes_a_secret(guard: str, tmp_path: Path) -> None:
    site, kept = secret_site(tmp_path, "")
    assert build_for(site).ok
    write(site, {PUBLIC_NOTE: note("Once more", topics="[mediation]")})
    assert build_for(site).ok
    assert found_in(site / ".briefings", kept.meaning)
    write(site, secrets(guard).files)
    assert codes(build_for(site)) == []
    assert found_in(site / "_site", kept.meaning) == set()
    assert found_in(site / ".briefings", kept.meaning) == set()


QUOTED = "> Amber {0}.\n>\n> — X {{marking=TLP:AMBER}}\n"

LESS: dict[str, tuple[dict[str, str | None], dict[str, str | None]]] = {
    "a confidential note becomes a draft": (
        {"a.md": note(body="Canary.\n\n" + QUOTED.format(""))},
        {"a.md": note(body="Canary.\n\n" + QUOTED.format(""), draft="true")},
    ),
    "a confidential note guards more": (
        {"a.md": note(body="Open.\n\n> Canary.\n>\n> — Y\n\n" + QUOTED.format(""))},
        {"a.md": note(body="Open.\n\n> Canary.\n>\n> — Y {draft=true}\n\n" + QUOTED.format(""))},
    ),
    "a confidential note expires": ({"a.md": note(body="Canary.\n\n" + QUOTED.format(""), expires="2018-01-02")}, {}),
    "a note is renamed and marked at once": ({"a.md": note(body="Canary.")}, {"a.md": None, "b.md": note(body="Canary.", draft="true")}),
    "a note moves into a draft": (
        {"a.md": note(body="Canary."), "b.md": note(draft="true")},
        {"a.md": None, "b.md": note(body="Canary.", draft="true")},
    ),
}
"""Notes before and after readers may see less of them."""


@pytest.mark.parametrize(("before", "after"), LESS.values(), ids=LESS.keys())
def test_what_becomes_more_secret_leaves_nothing(before: dict[str, str | None], after: dict[str, str | None], tmp_path: Path) -> None:
    site = small_site(tmp_path, {f"content/notes/{name}": text for name, text in before.items()})
    assert codes(run(site)) == []
    # The spare holds the first edition of the pages.
    write(site, {PUBLIC_NOTE: note("Once more", topics="[mediation]")})
    assert codes(run(site)) == []
    canary = {"canary": "canary"}
    assert found_in(site / ".briefings", canary) | found_in(site / "_site", canary)
    write(site, {f"content/notes/{name}": text for name, text in after.items()})
    assert codes(run(site, now=NOW + dt.timedelta(days=3))) == []
    assert found_in(site / "_site", canary) == set()
    assert found_in(site / ".briefings", canary) == set()


def test_a_withheld_file_that_is_gone_is_missed(tmp_path: Path) -> None:
    files = {"content/notes/a.md": note(body="See [it](note:draft).\n"), "content/notes/draft.md": note(draft="true")}
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    write(site, {"content/notes/draft.md": None})
    assert codes(run(site)) == codes(run(site, clean=True)) == ["unknown-note"]


def test_the_cache_does_not_tell_between_which_files_a_withheld_one_lies(tmp_path: Path) -> None:
    hidden = {"content/notes/2016/b.md", "content/notes/2018/d.md"}
    files: dict[str, str | bytes | None] = {
        path: note(body=f"Of {path}.\n", draft=str(path in hidden).lower())
        for path in ("content/notes/2016/a.md", "content/notes/2017/c.md", "content/notes/2018/e.md", *hidden)
    }
    site = small_site(tmp_path, files)
    assert run(site).ok
    cache = Cache(site)
    header = cache.header()
    state = cache.state(header, ()) if header else None
    assert state
    for listed in (state.body.sources, state.body.stamps.stamps()):
        assert list(listed)[-2:] == sorted(state.body.plan.hidden)
    restored = cache.state(header, files) if header else None
    assert restored
    assert restored.body.plan.hidden == hidden


@pytest.mark.parametrize(
    "body",
    ["[it](/notes/zq1-secret/)", "[it](/notes/zq1-secret)", "[it](/notes/zq1%2Dsecret/)", "[it](zq1-secret.md)"],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_the_cache_names_no_withheld_record_through_others(body: str, quoted: bool, tmp_path: Path) -> None:
    text = f"> {body}\n>\n> — X {{embargo=2017-01-01}}\n" if quoted else f"See {body}.\n"
    site = small_site(tmp_path, {"content/notes/a.md": note(body=text), "content/notes/zq1-secret.md": note(draft="true")})
    assert codes(run(site)) == []
    assert found_in(site / ".briefings", {"zq1": "id"}) == set()
    assert found_in(site / "_site", {"zq1": "id"}) == set()
    found = check(BuildRequest(site.resolve(), site / "_site", NOW), quiet)
    assert [(d.code, d.place.path) for d in found] == [("withheld-reference", "content/notes/a.md")]


@pytest.mark.parametrize(
    ("date", "now", "told"),
    [
        ("2018-01-02", "2018-01-01T14:59:59Z", True),
        ("2018-01-02", "2018-01-01T15:00:00Z", False),
        ("2018-01-02T09:00:00+09:00", "2018-01-01T23:59:59Z", True),
        ("2018-01-02T09:00:00+09:00", "2018-01-02T00:00:00Z", False),
    ],
)
@pytest.mark.parametrize("header", [{}, {"marking": "TLP:RED"}])
def test_a_check_asks_whether_a_withdrawal_is_to_come(date: str, now: str, told: bool, header: dict[str, str], tmp_path: Path) -> None:
    instant = dt.datetime.fromisoformat(now)
    files = {
        "content/site.yaml": "title: Desk\nurl: https://desk.example.org/\ntimezone: Asia/Tokyo\n",
        "content/notes/a.md": note(withdrawn=f"{{date: {date}, reason: Wrong.}}", **header),
        "content/actors/more.yaml": f"records:\n  fr: {{name: A, type: state, withdrawn: {{date: {date}, reason: Wrong.}}}}\n",
    }
    site = small_site(tmp_path, files)
    assert codes(run(site, now=instant)) == []
    found = check(BuildRequest(site.resolve(), site / "_site", instant), quiet)
    places = [(d.code, d.place.path, d.place.line, d.severity, d.confidential) for d in found]
    assert (
        places
        == [
            ("early-withdrawal", "content/actors/more.yaml", 2, "warning", True),
            ("early-withdrawal", "content/notes/a.md", 4, "warning", True),
        ]
        * told
    )
    assert all(date in d.excerpt and d.remedy for d in found)


def test_the_name_of_an_unused_file_silences_no_other_warning(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {"content/notes/a.md": note(body="![](b.gif)\n"), "content/notes/b.gif": gif(1, 1)}
    site = small_site(tmp_path, files)
    warned = codes(run(site))
    assert warned
    write(site, {"content/notes/e": "unused"})
    assert codes(run(site, clean=True)) == warned


def test_a_page_shows_the_highest_marking_of_what_is_on_it(tmp_path: Path) -> None:
    files = {"content/notes/a.md": note(body="> Words.\n>\n> — X {marking=TLP:AMBER}\n")}
    for theme in ("folio", "wire"):
        site = small_site(tmp_path / theme, {**files, "content/site.yaml": f"title: Desk\nurl: https://a.example/\ntheme: {theme}\n"})
        cases: tuple[tuple[Marking, int], ...] = (("TLP:GREEN", 0), ("TLP:AMBER", 3))
        for audience, shown in cases:
            assert codes(build_for(site, audience)) == []
            html = (site / "_site/notes/a/index.html").read_text(encoding="utf-8").partition("<body")[2]
            assert html.count("TLP:AMBER") == shown, "at both ends, and behind the speaker"


def test_what_may_be_seen_is_found(tmp_path: Path) -> None:
    site, kept = secret_site(tmp_path / "public", "")
    assert codes(build_for(site)) == []
    published = {meaning for token, meaning in kept.meaning.items() if token not in kept.unpublished}
    assert found_in(site / "_site", kept.meaning) == published
    assert published > {"title", "alias", "image bytes", "confidential footnote", "undeclared topic"}


@pytest.mark.parametrize(("guard", "audience", "drafts"), [("marking: TLP:RED", "TLP:RED", False), ("draft: true", None, True)])
def test_those_who_may_see_all_see_all(guard: str, audience: Marking | None, drafts: bool, tmp_path: Path) -> None:
    site, kept = secret_site(tmp_path, guard)
    assert codes(build_for(site, audience, drafts=drafts)) == []
    published = {meaning for token, meaning in kept.meaning.items() if token not in kept.unpublished}
    assert found_in(site / "_site", kept.meaning) == published
    assert codes(build_for(site)) == []
    assert found_in(site / "_site", kept.meaning) == set()
    # Each audience has a cache of its own, and only one of the two may be shown to the public.
    others = frozenset(p.name for p in (site / ".briefings").glob("cache-*"))
    assert len(others) == 1
    assert found_in(site / ".briefings", kept.meaning, but=others) == set()


@pytest.mark.parametrize("audience", MARKINGS)
def test_an_audience_sees_what_is_at_or_below_its_marking(audience: Marking, tmp_path: Path) -> None:
    notes = {f"content/notes/n{i}.md": note(f"Marked {m}", marking=m) for i, m in enumerate(MARKINGS)}
    site = small_site(tmp_path, notes)
    assert codes(build_for(site, audience)) == []
    seen = [i for i in range(len(MARKINGS)) if (site / f"_site/notes/n{i}/index.html").exists()]
    assert seen == list(range(MARKINGS.index(audience) + 1))
    small_site(site, {"content/site.yaml": f"title: Desk\nurl: https://desk.example.org/briefings/\naudience: {audience}\n"})
    assert codes(build_for(site)) == []
    assert [i for i in range(len(MARKINGS)) if (site / f"_site/notes/n{i}/index.html").exists()] == seen


@pytest.mark.parametrize("ci", ["", "true"])
@pytest.mark.parametrize("options", [(), ("--verbose", "--explain")])
def test_no_secret_is_in_the_log(ci: str, options: tuple[str, ...], tmp_path: Path) -> None:
    site, kept = secret_site(tmp_path, "draft: true")
    warned = note("Draft", body=f"![]({next(iter(kept.meaning))}.gif)\n", draft="true")
    write(site, {"content/notes/warned.md": warned, f"content/notes/{next(iter(kept.meaning))}.gif": b"no image"})
    # Each process would take longer to compile the other theme than for all else.
    with (site / "content/site.yaml").open("a", encoding="utf-8") as settings:
        settings.write("theme: wire\n")
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "briefings", "build", "--now", "2018-01-01T12:00Z", "--jobs", "1", *options]
    done = subprocess.run(command, cwd=site, env=environment, capture_output=True, check=False, timeout=PATIENCE)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0
    assert "no warnings" in said
    assert [token for token in kept.meaning if token in said] == []


def test_an_error_in_a_withheld_file_is_told_and_in_a_public_log_not_quoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from briefings.cli.main import run as command_line

    wrong = note("Canary", marking="TLP:RED", topics="[canary]") + "![canary](canary.gif)\n"
    doubtful = note("Canary", marking="TLP:REDD", canary="yes")
    site = small_site(tmp_path, {"content/notes/secret.md": wrong, "content/notes/doubtful.md": doubtful})
    small_site(site, {"content/notes/quote.md": note(body="> Canary.\n> — X {markng=TLP:RED}\n")})
    arguments = ["build", "--site", str(site), "--now", "2018-01-01T12:00Z", "--jobs", "1"]
    assert command_line(arguments) == 1
    assert "canary" in capsys.readouterr().err.lower()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CI", "1")
        assert command_line(arguments) == 1
        said = capsys.readouterr().err
    assert "canary" not in said.lower()
    assert "content/notes/doubtful.md:4:10: error[wrong-type]" in said
    assert "content/notes/quote.md:7:7: error[bad-attribute]" in said
    assert "briefings check" in said


def _other_records(body: StateBody) -> StateBody:
    """What a build remembers, but for what it remembers of the withheld note."""
    path = "content/notes/canary.md"
    return structs.replace(body, sources={**body.sources, path: structs.replace(body.sources[path], interface=bytes(16))})


def _one_page_more(body: StateBody) -> StateBody:
    """What a build remembers, with a page of the withheld note."""
    page = structs.replace(body.plan.pages["notes/un-offer/index.html"], origin="content/notes/canary.md", record="")
    return structs.replace(body, plan=structs.replace(body.plan, pages={**body.plan.pages, "notes/canary/index.html": page}))


@pytest.mark.parametrize("forge", [_other_records, _one_page_more])
def test_a_cache_that_is_wrong_about_a_withheld_file_is_told_without_its_name(
    forge: Callable[[StateBody], StateBody], tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from briefings.cli.main import run as command_line

    site = small_site(tmp_path / "desk", {"content/notes/canary.md": note("Canary", body="Canary.\n", draft="true")})
    assert codes(run(site)) == []
    cache = Cache(site)
    header = cache.header()
    assert header is not None
    known = cache.state(header, ["content/notes/canary.md"])
    assert known is not None
    cache.save(structs.replace(known, body=forge(known.body)), known, {})
    monkeypatch.setenv("CI", "1")
    assert command_line(["build", "--site", str(site), "--now", "2018-01-01T12:00Z", "--jobs", "1", "--verify"]) == 1
    said = "".join(capfd.readouterr())
    assert "error[cache-mismatch]" in said
    assert "canary" not in said.lower()


def test_where_a_link_leads_is_not_in_a_public_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies there may be a draft, as far as anybody knows."""
    from briefings.cli.main import run as command_line

    site = small_site(tmp_path / "desk")
    write(tmp_path, {"canary.md": note("Canary", draft="true")})
    (site / "content/notes/link.md").symlink_to(tmp_path / "canary.md")
    monkeypatch.setenv("CI", "1")
    assert command_line(["build", "--site", str(site), "--now", "2018-01-01T12:00Z", "--jobs", "1"]) == 1
    said = "".join(capfd.readouterr())
    assert "content/notes/link.md: error[symlink-outside]" in said
    assert "canary" not in said.lower()


OF_DRAFTS: Mapping[str, tuple[dict[str, str], str, bool]] = {
    "a key that does not exist": ({"bogus": "1"}, "unknown-key", True),
    "an attribute that cannot be read": ({"body": "> We go.\n>\n> — [UN](actor:un) {marking=TLP:BLUE}\n"}, "bad-attribute", True),
    "an actor that does not exist": ({"actors": "[nobody]"}, "unknown-actor", False),
    "a link to nobody": ({"body": "[x](actor:nobody)\n"}, "unknown-actor", False),
    "an alias that clashes": ({"aliases": "[/topics/]"}, "address-collision", False),
}
"""What a draft has, what is wrong with it, and whether that is within the file; else it is between the file and others."""


@pytest.mark.parametrize("name", OF_DRAFTS)
def test_what_is_wrong_with_a_draft_stops_the_build_within_it_and_is_told_by_check(name: str, tmp_path: Path) -> None:
    """As the guide says of withheld files."""
    draft, code, within = OF_DRAFTS[name]
    site = small_site(tmp_path, {"content/notes/d.md": note("Plan", draft="true", **draft)})
    assert codes(run(site)) == ([code] if within else [])
    found = check(BuildRequest(site, site / "_site", NOW, 1), quiet)
    assert [(d.code, d.place.path) for d in found] == [(code, "content/notes/d.md")]


def test_check_tells_the_desk_all(tmp_path: Path) -> None:
    site, _ = secret_site(tmp_path, "marking: TLP:AMBER")
    write(site, {"content/notes/draft.md": note(topics="[no-such-topic]", body="[a](note:no-such-note)\n", draft="true")})
    found = check(BuildRequest(site.resolve(), site / "_site", NOW), quiet)
    ends = [d.message for d in found if d.code == "withheld-reference" and d.place.path == "content/notes/links.md"]
    assert len(ends) == 13
    assert "unknown-note" in {d.code for d in found if d.place.path == "content/notes/draft.md"}
    assert all(d.confidential for d in found)
    assert not (site / "_site").exists()
    assert not (site / ".briefings").exists()


# ── The same without the secrets ─────────────────────────────────────────────


def built(folder: Path, files: dict[str, str]) -> dict[str, bytes]:
    shutil.rmtree(folder / "content", ignore_errors=True)
    report = run(write(folder, files))
    # A footnote stays where the quotation that led to it was never written, and several notes may date one event as they like.
    assert set(codes(report)) <= {"text-not-shown", "told-differently"}
    return tree(folder / "_site")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(halves())
def test_a_build_is_that_of_the_site_without_what_is_withheld(tmp_path: Path, half: Half) -> None:
    whole = built(tmp_path / "whole", half.whole())
    assert whole == built(tmp_path / "without", half.without())
    # Whatever becomes of what is withheld makes no difference, also to a build that remembers the last one.
    assert whole == built(tmp_path / "whole", half.otherwise())
    assert not any(b"otherwise" in data for data in whole.values())


def ends(site: Path) -> BuildReport | None:
    """What a build says; None where it breaks off, since what was seeded may name what there is not: that proves nothing."""
    try:
        return run(site)
    except (KeyError, ValueError):
        return None


def leaks_somewhere(folder: Path) -> bool:
    """Whether one of the two proofs finds something."""
    site, kept = secret_site(folder / "secret", "marking: TLP:RED")
    if (report := ends(site)) and (not report.ok or found_in(site / "_site", kept.meaning)):
        return True
    for number, half in enumerate(HALVES):
        whole, without = small_site(folder / f"whole{number}"), small_site(folder / f"without{number}")
        for one, files in ((whole, half.whole()), (without, half.without())):
            shutil.rmtree(one / "content")
            write(one, files)
        if (report := ends(whole)) and (not report.ok or not run(without).ok or tree(whole / "_site") != tree(without / "_site")):
            return True
    return False


def test_nothing_leaks_when_nothing_is_seeded(tmp_path: Path) -> None:
    assert not leaks_somewhere(tmp_path)


@pytest.mark.parametrize("leak", seeded_leaks.IN_THE_OUTPUT, ids=lambda leak: leak.__name__)
def test_a_seeded_leak_is_found(leak: seeded_leaks.Leak, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        leak(patch)
        assert leaks_somewhere(tmp_path)


@pytest.mark.parametrize("leak", seeded_leaks.IN_THE_CACHE, ids=lambda leak: leak.__name__)
def test_a_leak_into_the_cache_is_found(leak: seeded_leaks.Leak, tmp_path: Path) -> None:
    site, kept = secret_site(tmp_path, "marking: TLP:RED")
    with pytest.MonkeyPatch.context() as patch:
        leak(patch)
        assert build_for(site).ok
    assert found_in(site / ".briefings", kept.meaning)


def test_a_leak_into_the_log_is_found(tmp_path: Path) -> None:
    site, _ = secret_site(tmp_path, "draft: true")
    write(site, {"content/notes/warned.md": note("Draft", body="![](a.gif)\n", draft="true"), "content/notes/a.gif": "no image"})
    assert codes(build_for(site)) == []
    with pytest.MonkeyPatch.context() as patch:
        seeded_leaks.told_warnings(patch)
        assert codes(build_for(site, clean=True)) != []


# ── Instants ─────────────────────────────────────────────────────────────────

SECOND = dt.timedelta(seconds=1)
DAYS = [
    ("Asia/Seoul", "2018-01-01"),
    ("America/New_York", "2017-11-05"),
    ("America/New_York", "2018-03-10"),
    ("Europe/London", "2018-03-24"),
    ("America/Sao_Paulo", "2017-10-14"),  # midnight is skipped
    ("America/Sao_Paulo", "2018-02-17"),  # the last hour comes twice
    ("America/Havana", "2017-11-04"),  # midnight strikes twice
    ("Asia/Beirut", "2018-03-24"),
    ("Asia/Beirut", "2018-10-27"),
    ("Pacific/Apia", "2011-12-29"),  # the next day is skipped
    ("Pacific/Apia", "2011-12-30"),  # there is no such day
    ("Asia/Kathmandu", "2018-01-01"),
]
"""Zones and days, among them those on which clocks are changed at midnight."""


def end_of_doubt(name: str, day: str) -> dt.datetime:
    """When a day is over by every reading, found by looking at the clock on the wall every half minute and then every second."""
    midnight = dt.datetime.fromisoformat(day) + dt.timedelta(days=1)
    place = zone(name)

    def wall(at: dt.datetime) -> dt.datetime:
        return at.astimezone(place).replace(tzinfo=None)

    at = midnight.replace(tzinfo=dt.UTC) + dt.timedelta(hours=30)
    for step in (dt.timedelta(minutes=5), SECOND):
        while wall(at) > midnight:
            at -= step
        at += step
    return at - SECOND if wall(at - SECOND) == midnight else at


@pytest.mark.parametrize(("name", "day"), DAYS)
@pytest.mark.parametrize("part", [Visible(embargo=Moment("2000-01-01")), Event(id="e", title="E", date=EventDate("2017-12-15"))], ids=type)
def test_a_day_as_an_embargo_is_over_to_the_second(name: str, day: str, part: Visible) -> None:
    part = structs.replace(part, embargo=Moment(day))
    t = end_of_doubt(name, day)
    seen = [Readers("TLP:CLEAR", t + step, zone(name)).may_see(part) for step in (-SECOND, SECOND * 0, SECOND)]
    assert seen == [False, True, True]


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_a_day_as_an_expiry_begins_with_its_first_reading(name: str, day: str) -> None:
    part = Visible(expires=Moment(day))
    t = Moment(day).start(zone(name))
    assert [Readers("TLP:CLEAR", t + step, zone(name)).may_see(part) for step in (-SECOND, SECOND * 0, SECOND)] == [True, False, False]
    place = zone(name)
    assert t.astimezone(place).date() >= dt.date.fromisoformat(day) or (t + SECOND).astimezone(place).replace(tzinfo=None).hour == 23
    assert (t - SECOND).astimezone(place).date() < dt.date.fromisoformat(day)


@pytest.mark.parametrize("offset", ["Z", "-05:00", "+05:45", "+13:00", "-09:30", "+00:00"])
def test_an_instant_is_kept_to_the_second_in_every_part_of_a_note(offset: str, tmp_path: Path) -> None:
    at = f"2018-01-01T12:00:00{offset}"
    files = {
        "content/topics/open.yaml": "name: Open\npropositions: [{id: p1, text: Open}]\nmeasures: [{id: m1, name: Counted}]\n",
        "content/notes/whole.md": note("Whole canary", embargo=at),
        "content/notes/gone.md": note("Still canary", expires=at),
        "content/notes/parts.md": note(
            "Parts",
            body=f"Text.\n\n> Quoted canary.\n>\n> — X {{embargo={at}}}\n",
            topics="[open]",
            events=f"[{{id: e, title: Event canary, date: 2017-12-01, embargo: '{at}'}}]",
            positions=f"[{{actor: un, proposition: p1, stance: for, note: Position canary, embargo: '{at}'}}]",
            figures=f"[{{measure: m1, value: 987654321, as_of: 2017-12-01, embargo: '{at}'}}]",
        ),
    }
    site = small_site(tmp_path, files)
    t = dt.datetime.fromisoformat(at)
    words = ["Whole canary", "Quoted canary", "Event canary", "Position canary", "987,654,321"]
    for step, shown in ((-SECOND, False), (SECOND * 0, True), (SECOND, True), (-SECOND, False)):
        # One after the other, so that a build which remembers too much is found, too.
        assert codes(run(site, now=t + step)) == []
        published = b"\n".join(tree(site / "_site").values()).decode(errors="replace")
        assert [word in published for word in words] == [shown] * len(words)
        assert ("Still canary" in published) is not shown
