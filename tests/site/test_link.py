"""What refers to what, and what may be seen of it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.content.headers import NoteHeader
from briefings.content.records import Note
from briefings.content.schema.dates import NoteDate
from briefings.desk.check import check
from briefings.engine.api import BuildRequest, quiet
from briefings.site import related as related_notes
from briefings.site.cards import ActorLink, NoteCard, NoteRef, TopicLink
from briefings.site.linked import LinkedNote
from tests.kit.small_sites import NOW, codes, note, run, small_site, tree

OTHER = "content/notes/2017-12-16-other.md"


def page(site: Path, url: str) -> str:
    return (site / "_site" / url / "index.html").read_text(encoding="utf-8")


def test_links_by_id_by_path_and_by_address_lead_to_the_same_page(tmp_path: Path) -> None:
    links = ("note:un-offer", "2017-12-15-un-offer.md", "/notes/un-offer/", "/topics/", "actor:un", "/assets/a.pdf", "#end")
    body = " ".join(f"[x]({link})" for link in links) + "\n\n## End\n"
    site = small_site(tmp_path, {OTHER: note(body=body), "content/assets/a.pdf": "x"})
    assert codes(run(site)) == []
    html = page(site, "notes/other")
    for href in ("../../notes/un-offer/", "../../topics/", "../../actors/un/", "../../assets/a.pdf", "#end"):
        assert f'href="{href}"' in html
    assert html.count('href="../../notes/un-offer/">') >= 3


def test_attachments_beside_a_note_are_published_beside_its_page(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
    files = {OTHER: note(body="![A chart](chart.svg)\n\n[Data](data.csv)\n"), "content/notes/chart.svg": svg, "content/notes/data.csv": "1"}
    site = small_site(tmp_path, {**files, "content/notes/unused.csv": "secret"})
    assert codes(run(site)) == []
    html = page(site, "notes/other")
    assert 'width="40" height="30"' in html
    assert 'loading="lazy"' in html
    out = tree(site / "_site")
    assert out["notes/other/chart.svg"] == svg.encode()
    assert out["notes/other/data.csv"] == b"1"
    assert not [name for name in out if "unused" in name]


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ({}, True),
        ({"draft": "true"}, False),
        ({"draft": "false"}, True),
        ({"marking": "TLP:GREEN"}, False),
        ({"embargo": "2018-01-01T12:00:01Z"}, False),
        ({"embargo": "2018-01-01T12:00:00Z"}, True),
        ({"embargo": "2018-01-01"}, False),
        ({"embargo": "2017-12-31"}, True),
        ({"expires": "2018-01-01T12:00:00Z"}, False),
        ({"expires": "2018-01-01T12:00:01Z"}, True),
        ({"expires": "2018-01-01"}, False),
        ({"expires": "2018-01-02"}, True),
    ],
)
def test_what_may_be_shown(tmp_path: Path, header: dict[str, str], shown: bool) -> None:
    site = small_site(tmp_path, {OTHER: note("Canary title", body="Canary body.\n", topics="[mediation]", actors="[un]", **header)})
    assert codes(run(site)) == []
    assert any(b"Canary" in data for data in tree(site / "_site").values()) is shown


def test_a_link_to_what_may_not_be_shown_is_plain_text(tmp_path: Path) -> None:
    hidden = {OTHER: note("Hidden", draft="true"), "content/actors/un.yaml": "name: Hidden body\ntype: organization\ndraft: true\n"}
    linking = note("Linking", body="See [the other one](note:other) and [it](2017-12-16-other.md).\n", actors="[un, japan]")
    site = small_site(tmp_path, {**hidden, "content/notes/linking.md": linking})
    assert codes(run(site)) == []
    assert "See the other one and it." in page(site, "notes/linking")
    assert not any(b"Hidden" in data for data in tree(site / "_site").values())


def test_a_public_build_is_that_of_the_site_without_the_withheld_files(tmp_path: Path) -> None:
    linking = note("Linking", body="See [the other one](note:other).\n")
    without = small_site(
        tmp_path / "without", {"content/notes/linking.md": linking.replace("[the other one](note:other)", "the other one")}
    )
    hidden = {OTHER: note("Hidden", draft="true", topics="[mediation]", actors="[un]", body="[back](note:linking) [u](note:un-offer)\n")}
    site = small_site(tmp_path / "with", {"content/notes/linking.md": linking, **hidden})
    assert run(site).ok
    assert run(without).ok
    assert tree(site / "_site") == tree(without / "_site")


def test_backlinks_carry_the_sentence(tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note("Second", body="First. It follows [the offer](note:un-offer) of Friday. Last.\n")})
    assert codes(run(site)) == []
    html = page(site, "notes/un-offer")
    assert "It follows" in html
    assert "of Friday." in html
    assert "Last." not in html


def test_the_office_shown_is_that_of_the_notes_date(tmp_path: Path) -> None:
    offices = "[{role: Premier, organization: japan, from: 2000, until: 2015-06}, {role: Envoy, from: 2015-07}]"
    files = {
        "content/actors/guterres.yaml": f"name: Someone\ntype: person\noffices: {offices}\n",
        "content/notes/early.md": note("Early", "2014-05-01", actors="[guterres]"),
        "content/notes/late.md": note("Late", "2016-05-01", actors="[guterres]"),
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    assert "Premier, Japan" in page(site, "notes/early")
    assert "Envoy" not in page(site, "notes/early")
    assert "Envoy" in page(site, "notes/late")
    assert "Premier" not in page(site, "notes/late")


def test_earlier_and_later_are_those_of_the_main_topic(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{day}.md": note(f"Day {day}", f"2017-11-0{day}", topics="[other]" if day == 3 else "[mediation]")
        for day in range(1, 6)
    }
    site = small_site(tmp_path, {**files, "content/topics/other.yaml": "name: Other\n"})
    assert codes(run(site)) == []
    html = page(site, "notes/n4")
    assert "Day 2" in html
    assert "Day 5" in html


def test_undeclared_topics_and_actors_follow_the_setting(tmp_path: Path) -> None:
    config = "title: Desk\nundeclared: {}\nurl: https://desk.example.org/\n"
    used = note("Uses", topics="[new-topic]", actors="[new-actor]", body="[x](actor:third-actor)\n")
    site = small_site(tmp_path, {OTHER: used, "content/site.yaml": config.format("error")})
    assert sorted(codes(run(site))) == ["unknown-actor", "unknown-actor", "unknown-topic"]
    small_site(tmp_path, {OTHER: used, "content/site.yaml": config.format("warn")})
    report = run(site)
    assert report.ok
    assert sorted(codes(report)) == ["undeclared-actor", "undeclared-actor", "undeclared-topic"]
    assert "New topic" in page(site, "topics/new-topic")
    small_site(tmp_path, {OTHER: used, "content/site.yaml": config.format("allow")})
    assert codes(run(site)) == []
    assert "Third actor" in page(site, "actors/third-actor")


def test_a_day_is_that_day_in_the_sites_time_zone(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": "title: Desk\ntimezone: Asia/Seoul\nurl: https://desk.example.org/\n",
        OTHER: note("Night", "2017-12-31T20:00:00+00:00"),
    }
    site = small_site(tmp_path, files)
    assert codes(run(site, now=NOW + dt.timedelta(days=3))) == []
    assert "1 January 2018" in page(site, "notes/other")
    assert (site / "_site/notes/2018/01/index.html").exists()


def test_related_notes_say_why(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{day}.md": note(f"Day {day}", f"2017-11-0{day}", topics="[mediation]", actors="[un, guterres]")
        for day in range(1, 8)
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    html = page(site, "notes/n4")
    assert "also on Mediation; names United Nations and António Guterres" in html


def test_all_that_two_notes_share_counts_wherever_they_stand_in_its_list() -> None:
    """The first and the last of seven notes on one topic alone name an actor: for either the other one comes first."""
    notes = [linked(day, {0}, {1} if day in (0, 6) else set()) for day in range(7)]
    relations = related_notes.related(notes)
    assert relations[0][0].note is notes[6]
    assert relations[6][0].note is notes[0]
    assert (len(relations[0][0].topics), len(relations[0][0].actors)) == (1, 1)


@pytest.mark.parametrize("identifier", ["..", "../../x", "a/b", ".", " ", "<b>", "North Korea", "x?y#z", "a\\\\b"])
@pytest.mark.parametrize("setting", ["warn", "allow"])
def test_only_what_is_an_id_becomes_an_address(tmp_path: Path, identifier: str, setting: str) -> None:
    config = f"title: Desk\nundeclared: {setting}\nurl: https://desk.example.org/\n"
    site = small_site(tmp_path / "desk", {"content/site.yaml": config})
    assert run(site).ok
    before = tree(tmp_path)
    small_site(site, {"content/site.yaml": config, OTHER: note(topics=f'["{identifier}"]', actors=f'["{identifier}"]')})
    report = run(site)
    assert set(codes(report)) == {"bad-id"}
    after = tree(tmp_path)
    assert {path for path in after if "_site" in path or "/content/" not in path} >= {path for path in before if "_site" in path}
    assert after.keys() - before.keys() == {f"desk/{OTHER}"}


def test_what_is_cut_says_how_much_there_is(tmp_path: Path) -> None:
    actors = {f"content/actors/a{i}.yaml": f"name: Actor {i}\ntype: person\n" for i in range(30)}
    named = ", ".join(["un", *(f"a{i}" for i in range(30))])
    notes = {f"content/notes/n{i}.md": note(f"Note {i}", body="See [it](note:un-offer).\n") for i in range(30)}
    site = small_site(tmp_path, {**actors, **notes, OTHER: note(actors=f"[{named}]")})
    assert codes(run(site)) == []
    assert "20 of 31" in page(site, "actors/un")
    assert "20 of 30 notes" in page(site, "notes/un-offer")


def test_all_that_is_wrong_is_told_in_one_run(tmp_path: Path) -> None:
    wrong = note(topcis="[a]", topics="[zz]", date="soon", body="[a](actor:zz) [b](missing.md)\n")
    assert sorted(codes(run(small_site(tmp_path, {OTHER: wrong})))) == [
        "bad-date",
        "broken-link",
        "unknown-actor",
        "unknown-key",
        "unknown-topic",
    ]
    config = {"content/site.yaml": "tilte: x\n", OTHER: note(kind="unheard-of", topcis="[a]")}
    assert set(codes(run(small_site(tmp_path, config)))) == {"unknown-key"}
    assert len(run(tmp_path).diagnostics) == 2


def linked(number: int, topics: set[int], actors: set[int]) -> LinkedNote:
    name, day = f"n{number}", dt.date(2017, 12, 15)
    return LinkedNote(
        record=Note(name, f"content/notes/{name}.md", NoteHeader(title=name, date=NoteDate("2017-12-15"))),
        card=NoteCard(
            id=name,
            url=f"notes/{name}/",
            title=name,
            summary="",
            date=day,
            when="2017-12-15",
            kind="Brief",
            marking="TLP:CLEAR",
            topic=None,
            priority="normal",
        ),
        ref=NoteRef(name),
        topics=tuple(TopicLink(str(i), f"topics/{i}/", str(i)) for i in sorted(topics)),
        actors=tuple((ActorLink(str(i), f"actors/{i}/", str(i), None), "named") for i in sorted(actors)),
        authors=(),
        targets=(),
    )


@given(st.lists(st.tuples(st.sets(st.integers(0, 3), max_size=2), st.sets(st.integers(0, 9), max_size=5)), max_size=30), st.integers(1, 8))
def test_what_is_passed_over_unscored_is_never_related(found: list[tuple[set[int], set[int]]], bits: int) -> None:
    notes = [linked(number, *of) for number, of in enumerate(found)]
    relations = related_notes.related(notes)
    for note_, related in zip(notes, relations, strict=True):
        assert all(one.note is not note_ and (one.topics or len(one.actors) > 1) for one in related)
    # With fewer bits, topics and actors share them and fewer pairs are passed over.
    assert related_notes.related(notes, bits) == relations


@pytest.mark.parametrize(
    ("actors", "role"),
    [
        ("[{id: un, role: host}, {id: un, role: speaker}]", "host, speaker"),
        ("[un, {id: un, role: host}]", "host"),
        ("[{id: un, role: host}, un, {id: un, role: host}]", "host"),
    ],
)
def test_an_actor_that_is_listed_twice_plays_both_roles(actors: str, role: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note(actors=actors, body="[UN](actor:un)\n")})
    assert codes(run(site)) == []
    (involved,) = json.loads(tree(site / "_site")["notes/other/index.json"])["actors"]
    assert involved["role"] == role


@pytest.mark.parametrize("written", ["/world/981464/", "/world/981464", "/world/981464/index.html", "/W%C3%B6rld.html", "/old/topic/#part"])
def test_a_link_to_an_old_address_leads_to_the_page(written: str, tmp_path: Path) -> None:
    files = {
        OTHER: note("Linking", body=f"[x]({written})\n"),
        "content/notes/new.md": note("New", aliases="[/world/981464/, /Wörld.html]"),
        "content/topics/trade.md": "---\nname: Trade\naliases: [/old/topic/]\n---\n\n## Part\n",
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    target = "../../topics/trade/#part" if "topic" in written else "../../notes/new/"
    assert f'href="{target}">x</a>' in page(site, "notes/other")
    if "#" not in written:
        assert "Linking" in page(site, "notes/new")  # among the notes that link here


def test_an_old_address_in_the_navigation_leads_to_the_page(tmp_path: Path) -> None:
    config = 'title: Desk\nurl: https://desk.example.org/\nnavigation: [{title: Offer, to: "/offer/"}]\n'
    site = small_site(tmp_path, {"content/site.yaml": config, OTHER: note("New", aliases="[/offer/]")})
    assert codes(run(site)) == []
    assert 'href="../../notes/other/"' in page(site, "topics/mediation")


@pytest.mark.parametrize("header", [{"draft": "true"}, {"withdrawn": "{date: 2017-12-30, reason: Wrong.}"}])
def test_a_link_to_the_old_address_of_what_is_not_shown_is_plain_text(header: dict[str, str], tmp_path: Path) -> None:
    linking = note("Linking", body="See [this](/former/).\n")
    site = small_site(tmp_path, {OTHER: note("Hidden", aliases="[/former/]", **header), "content/notes/linking.md": linking})
    assert codes(run(site)) == []
    assert "See this." in page(site, "notes/linking")
    # The cache keeps the records of no file that names what is withheld.
    assert not any(b"/former/" in data for data in tree(site / ".briefings").values())


def test_what_is_withheld_does_not_come_between_a_link_and_what_is_shown(tmp_path: Path) -> None:
    files = {
        "content/notes/a-hidden.md": note("Hidden", aliases="[/former/]", draft="true"),
        "content/notes/kept.md": note("Kept", aliases="[/former/, /notes/a-hidden/]"),
        "content/notes/linking.md": note("Linking", body="See [this](/former/) and [that](/notes/a-hidden/).\n"),
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    before = tree(site / "_site")
    (site / "content/notes/a-hidden.md").unlink()
    assert codes(run(site)) == []
    assert tree(site / "_site") == before
    assert before["notes/linking/index.html"].count(b'href="../../notes/kept/"') >= 2


def test_check_tells_of_links_to_old_addresses_of_what_is_withheld(tmp_path: Path) -> None:
    linking = note("Linking", body="See [this](/former/).\n")
    site = small_site(tmp_path, {OTHER: note("Hidden", aliases="[/former/]", draft="true"), "content/notes/linking.md": linking})
    found = check(BuildRequest(site, site / "_site", NOW), quiet)
    assert [(d.code, d.place.path, d.place.line) for d in found] == [("withheld-reference", "content/notes/linking.md", 6)]


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        # The address of a page, the file of another folder, another ending, another day.
        ("../about", "write page:about"),
        ("../about.md", "write page:about"),
        ("../about/index.html", "write page:about"),
        ("../about/#team", "write page:about#team"),
        ("../topics/mediation.html", "write topic:mediation"),
        ("2017-12-14-un-offer.md", "write note:un-offer"),
        ("un-offer", "write note:un-offer"),
        # An id that records of two kinds have.
        ("../both", "write topic:both or page:both, whichever is meant"),
        ("../topics/both", "write topic:both"),
        # Nothing of what may not be shown, and nothing for what is nowhere.
        ("../hidden", ""),
        ("../nowhere.md", ""),
    ],
)
def test_a_path_to_a_record_under_another_form_is_told_by_its_id(written: str, remedy: str, tmp_path: Path) -> None:
    files = {
        OTHER: note(body=f"[x]({written})\n"),
        "content/pages/about.md": "---\ntitle: About\n---\n\n## Team\n",
        "content/pages/both.md": "---\ntitle: Both\n---\n",
        "content/pages/hidden.md": "---\ntitle: Hidden\nmarking: TLP:RED\n---\n",
        "content/topics/both.yaml": "name: Both\n",
    }
    site = small_site(tmp_path, files)
    (found,) = run(site, verify=False).diagnostics
    assert found.code == "broken-link"
    assert found.remedy.startswith(remedy or "put the file there")
    assert "hidden" not in found.remedy
    if remedy and "whichever" not in remedy:
        small_site(site, {OTHER: note(body=f"[x]({remedy.removeprefix('write ')})\n")})
        assert codes(run(site, verify=False)) == []
