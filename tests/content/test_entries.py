"""What notes record besides their text, and what becomes of records that are withdrawn or move."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from briefings.cli.main import run as command_line
from briefings.cli.options import MARKINGS
from briefings.content.parse import parse
from briefings.content.schema.numbers import Number
from briefings.core.config import Marking, SiteConfig
from briefings.core.urls import alias_path
from briefings.publication.tree import MANIFEST, read_manifest
from tests.kit.small_sites import codes, note, run, small_site, takes_linear_time, tree, write

OTHER = "content/notes/other.md"
TOPIC = {
    "content/topics/mediation.yaml": "name: Mediation\npropositions: [{id: talk, text: Talk}]\nmeasures: [{id: n, name: N, unit: day}]\n"
}


def page(site: Path, url: str) -> str:
    return (site / "_site" / url / "index.html").read_text(encoding="utf-8")


def attributes(braces: str, before: str = "> Words.\n>\n> — X", after: str = "") -> list[str]:
    """Codes and columns of what is wrong with a text that has these braces."""
    text = f"---\ntitle: T\ndate: 2017-12-15\n---\n{before} {braces}{after}\n"
    parsed = parse("content/notes/a.md", text.encode(), SiteConfig(title="Desk"))
    assert bool(parsed.records) is not bool(parsed.diagnostics), "a doubt withholds the note"
    return [f"{d.code} {d.message}" for d in parsed.diagnostics]


def test_markings_are_those_of_the_schema() -> None:
    assert get_args(Marking) == MARKINGS


@pytest.mark.parametrize(
    "braces", ["{marking=TLP:AMBER}", '{embargo="2018-01-01"}', "{draft=true expires=2018-01-01}", "{marking=TLP:AMBER+STRICT draft=false}"]
)
def test_attributes_of_a_quotation(braces: str) -> None:
    assert attributes(braces) == []


@pytest.mark.parametrize(
    ("braces", "before", "after"),
    [
        ("{}", "> Words.\n>\n> — X", ""),
        ("{TLP:AMBER}", "> Words.\n>\n> — X", ""),
        ("{marking}", "> Words.\n>\n> — X", ""),
        ("{marking = TLP:AMBER}", "> Words.\n>\n> — X", ""),
        ("{marking=TLP:AMBER marking=TLP:RED}", "> Words.\n>\n> — X", ""),
        ("{marking=TLP:AMBER, draft=true}", "> Words.\n>\n> — X", ""),
        ("{markng=TLP:AMBER}", "> Words.\n>\n> — X", ""),
        ("{marking=amber}", "> Words.\n>\n> — X", ""),
        ("{embargo=2018-13-01}", "> Words.\n>\n> — X", ""),
        ("{draft=yes}", "> Words.\n>\n> — X", ""),
        ("{marking=TLP:AMBER", "> Words.\n>\n> — X", ""),
        ("draft=true}", "> Words.\n>\n> — Ann, 2026", ""),
        ("draft=true", "> Words.\n>\n> — Ann, 2026", ""),
        ("(draft=true}", "> Words.\n>\n> — Ann, 2026", ""),
        ("\uff5bdraft=true}", "> Words.\n>\n> — Ann, 2026", ""),
        ("\uff5bdraft\uff1dtrue\uff5d", "> Words.\n>\n> — Ann, 2026", ""),
        ("{draft=true\uff5d", "> Words.\n>\n> — Ann, 2026", ""),
        ("&#123;draft=true}", "> Words.\n>\n> — Ann, 2026", ""),
        ("TLP:RED}", "> Words.\n>\n> — Ann, 2026", ""),
        ("\uff5bTLP:RED\uff5d", "> Words.\n>\n> — Ann, 2026", ""),
        ("Embargo=2027-01-01}", "> Words.\n> — [Ann](actor:un), 2026", ""),
        ("draft=true}", "> Words, Ann", ""),
        ("draft=true}", "    > Words.\n    >\n    > — X", ""),
        ("{marking=TLP:AMBER}", "> — X", ""),
        ("{marking=TLP:AMBER}", "> Words. - X", ""),
        ("{marking=TLP:AMBER}", "Words.", ""),
        ("{marking=TLP:AMBER}", "> Words.\n>\n> — X", "\n> More."),
        ("{marking=TLP:AMBER}", "> Words.\n>\n> — X", "\nlazy."),
        ("{marking=TLP:AMBER}", "- > Words.\n  >\n  > — X", ""),
        ("{marking=TLP:AMBER}", "> > Words.\n> >\n> > — X", ""),
        ("{Embargo: 2018-01-01}", "## Heading", ""),
        ("{TLP:AMBER}", "Words.", ""),
        ("{marking TLP:AMBER}", "> Words. - X", ""),
        ("{marking=TLP:AMBER}", "    > Words.\n    >\n    > — X", ""),
        ("{marking=TLP:AMBER}", ">     Words.\n>\n>     — X", ""),
        ("{marking=TLP:AMBER}", "| a |\n| --- |\n| b", " |"),
        ("{marking=TLP:AMBER}", "::: note Title", "\nWords.\n:::"),
        (
            "{marking=TLP:RED}",
            "".join(f"> W.\n>\n> — X {{expires=2018-01-0{i}}}\n\n" for i in range(1, 5)) + "> Words.\n>\n> — X",
            "",
        ),
    ],
)
def test_a_doubtful_attribute_is_an_error(braces: str, before: str, after: str) -> None:
    assert [found.split()[0] for found in attributes(braces, before, after)] == ["bad-attribute"]


@pytest.mark.parametrize(
    ("quotation", "reason"),
    [
        ("- > Words.\n  >\n  > — X {draft=true}", "a quotation within a list, a box or another quotation"),
        ("> Words.\n>\n> — X {draft=true draft=true}", "must hold keys with their values"),
        ("> Words.\n>\n> — X {marking TLP:AMBER}", "must hold keys with their values"),
    ],
)
def test_it_is_said_why_a_quotation_cannot_be_withheld(quotation: str, reason: str) -> None:
    text = f"---\ntitle: T\ndate: 2017-12-15\n---\n{quotation}\n"
    (found,) = parse("content/notes/a.md", text.encode(), SiteConfig(title="Desk")).diagnostics
    assert reason in found.message
    assert found.remedy


@pytest.mark.parametrize(("braces", "column"), [("{draft=true", 9), ("draft=true}", 9), ("\uff5bdraft=true\uff5d", 9), ("draft=true", 9)])
def test_a_doubtful_attribute_is_told_where_it_stands(braces: str, column: int) -> None:
    text = f"---\ntitle: T\ndate: 2017-12-15\n---\n> Words.\n>\n> — Ann {braces}\n"
    (found,) = parse("content/notes/a.md", text.encode(), SiteConfig(title="Desk")).diagnostics
    assert (found.place.line, found.place.column, found.excerpt) == (7, column, f"> — Ann {braces}")


@pytest.mark.parametrize(
    "braces",
    [
        "`{marking=TLP:AMBER}`",
        "`draft=true}`",
        "[x](https://example.org/?draft=true)",
        "draft",
        "(TLP:CLEAR)",
        "}",
        "\n\n```\n{marking=TLP:AMBER}\n```",
        "",
        "and {x=1} more",
    ],
)
def test_braces_that_are_no_attributes(braces: str) -> None:
    assert [found for found in attributes(braces) if "bad-attribute" in found] == []


@pytest.mark.parametrize(
    ("begin", "piece", "end"),
    [
        ("draft=", " " * 5, "x"),
        ("{", " " * 5, "x} y"),
        ("", "draft= ", ""),
        ("", " , ", "event"),
        ("event:x", " " * 5, "event:"),
        ("", "(TLP:", ""),
    ],
)
def test_a_line_without_end_is_read_in_linear_time(begin: str, piece: str, end: str) -> None:
    assert takes_linear_time(lambda count: attributes(begin + piece * count + end), 2_000)


@pytest.mark.parametrize("signs", [" ", "*", '"', "-"])
def test_signs_without_end_around_what_is_no_label_are_read_in_linear_time(signs: str) -> None:
    config = SiteConfig(title="Desk")
    assert takes_linear_time(lambda count: parse("content/pages/a.md", f"---\ntitle: T\n---\nA\n{signs * count}x".encode(), config), 2_000)


@pytest.mark.parametrize("newline", ["\\n", "\\r\\n", "\\r"])
def test_a_quotation_is_cut_whatever_ends_the_lines_of_a_body(newline: str) -> None:
    text = "Open.\n\n> Canary.\n>\n> — X {marking=TLP:RED}\n\nEnd.\n".replace("\n", newline)
    parsed = parse("content/topics/a.yaml", f'name: A\nbody: "{text}"\n'.encode(), SiteConfig(title="Desk"))
    assert parsed.diagnostics == ()
    [record] = parsed.records
    public, whole = (parsed.html[body.digest] for body in record.bodies)
    assert ["Open" in public, "Canary" in public, "End" in public] == [True, False, True]
    assert "Canary" in whole


def test_the_latest_entries_are_shown(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{day}.md": note(
            f"Day {day}",
            f"2017-11-0{day}",
            topics="[mediation]",
            sources="[{id: s1, source: tass}]",
            events=f"[{{id: same, title: Told {day}, date: 2017-11-01}}, {{id: e{day}, title: Event {day}, date: 2017-11-0{day}}}]",
            positions=f"[{{actor: japan, proposition: talk, stance: {stance}, basis: s1, note: said {day}}}]",
            figures=f"[{{measure: n, value: {value}, as_of: 2017-12-0{9 - day}, source: s1}}]",
        )
        for day, stance, value in ((1, "against", "1"), (2, "for", "1234.50"), (3, "conditional", "-3"))
    }
    site = small_site(tmp_path, {**TOPIC, **files, "content/site.yaml": "title: Desk\nurl: https://desk.example.org/\ntheme: wire\n"})
    assert codes(run(site)) == ["told-differently", "told-differently"]
    html = page(site, "topics/mediation")
    assert [html.find(f"Event {day}") for day in (3, 2, 1)] == sorted(html.find(f"Event {day}") for day in (3, 2, 1))
    assert "Told 3" in html
    assert "Told 1" not in html
    assert "said 3" in html
    assert "said 2" not in html
    assert "<b>1 day</b>" in html, "the figure with the latest as_of"
    assert "said 3" in page(site, "actors/japan")
    assert "1,234.50 days" in page(site, "notes/n2")
    assert "−3 days" in page(site, "notes/n3")
    assert "../../notes/n3/#source-s1" in html


@pytest.mark.parametrize(
    "others",
    [
        (),
        ("{date: 2017-12-16, note: Before.}", "it"),
        ("it", "{date: 2017-12-16, note: After.}"),
        ("{date: 2017-12-16, wrong: One, right: Three}", "{date: 2017-12-16, note: One Two}", "it", "{date: 2017-12-15, note: Old.}"),
        ("it", "it", "it"),
    ],
)
def test_a_correction_keeps_its_name_whatever_stands_around_it(others: tuple[str, ...], tmp_path: Path) -> None:
    it = "{date: 2017-12-16, wrong: One, right: Two}"
    written = ", ".join(it if one == "it" else one for one in others or ("it",))
    site = small_site(tmp_path, {OTHER: note(corrections=f"[{written}]")})
    assert codes(run(site)) == []
    told = json.loads((site / "_site/notes/other/index.json").read_bytes())["corrections"]
    anchors = [one["anchor"] for one in told]
    assert len(set(anchors)) == len(anchors)
    name = "correction-2017-12-16-3c5e5043"
    assert [one["anchor"] for one in told if (one["wrong"], one["right"]) == ("One", "Two")] == [
        name,
        *(f"{name}-{number}" for number in range(2, others.count("it") + 1)),
    ]
    items = json.loads((site / "_site/corrections/feed.json").read_bytes())["items"]
    assert {item["id"].partition("#")[2] for item in items} == set(anchors)
    html = page(site, "notes/other")
    assert sorted(re.findall(r'id="(correction-[^"]+)"', html)) == sorted(anchors)


def test_entries_are_checked_against_topics(tmp_path: Path) -> None:
    wrong = note(
        topics="[mediation]",
        positions="[{actor: japn, proposition: tlk, stance: for}]",
        figures="[{measure: m, value: 1, as_of: 2017-12-01}]",
        events="[{id: e, title: E, date: 2017-12-01, actors: [japn], topics: [x]}]",
    )
    report = run(small_site(tmp_path, {**TOPIC, OTHER: wrong}))
    assert sorted(codes(report)) == ["unknown-actor", "unknown-actor", "unknown-measure", "unknown-proposition", "unknown-topic"]
    twice = {"content/topics/b.yaml": "name: B\npropositions: [{id: talk, text: T}]\nmeasures: [{id: n, name: N}]\n", OTHER: note()}
    assert codes(run(small_site(tmp_path, {**twice, **TOPIC}))) == ["duplicate-id", "duplicate-id"]


@pytest.mark.parametrize(
    ("kind", "path", "header", "url"),
    [
        (
            "note",
            OTHER,
            "title: Canary\ndate: 2017-12-10\ntopics: [mediation]\nactors: [un]\nsources: [{id: s1, source: tass}]",
            "notes/other",
        ),
        ("actor", "content/actors/other.md", "name: Canary\ntype: state", "actors/other"),
        ("topic", "content/topics/other.md", "name: Canary\npropositions: [{id: p, text: Canary}]", "topics/other"),
        ("source", "content/sources/other.md", "name: Canary", "sources/other"),
        ("page", "content/pages/other.md", "title: Canary", "other"),
    ],
)
@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_a_withdrawn_record_leaves_a_page_and_a_line_where_it_stood(
    kind: str, path: str, header: str, url: str, theme: str, tmp_path: Path
) -> None:
    aliases = "withdrawn: {date: 2017-12-20, reason: It was wrong.}\naliases: [/old/]"
    linking = note("Linking", body=f"See [the words]({kind}:other) here.\n")
    files = {path: f"---\n{header}\n{aliases}\n---\nCanary [x](note:un-offer) ![Canary](canary.txt)\n", "content/notes/linking.md": linking}
    settings = f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"
    site = small_site(tmp_path, {**files, "content/notes/canary.txt": "Canary", "content/site.yaml": settings})
    assert codes(run(site)) == []
    out = tree(site / "_site")
    assert not any(b"canary" in data.lower() for data in out.values())
    html = page(site, url)
    assert "Withdrawn" in html
    assert "It was wrong." in html
    assert "20 December 2017" in html
    assert "noindex" in html
    assert "See the words here." in page(site, "notes/linking")
    assert f'href="../{url}/"' in page(site, "old")
    # `changes/` has it, too, in `folio` in words of its own.
    lines = [name for name, data in out.items() if b"was withdrawn on" in data and name not in (f"{url}/index.html", "changes/index.html")]
    folders = ("actors/un/", "", "corrections/", "notes/2017/12/", "notes/2017/", "notes/", "sources/tass/", "topics/mediation/")
    expected = {f"{folder}index.html" for folder in folders}
    assert {*lines} == (expected if kind == "note" else set())
    cache = (site / ".briefings/cache.sqlite").read_bytes()
    assert b"Canary" not in cache


@pytest.mark.parametrize(
    ("days", "home", "lines"),
    [
        # The home page shows four notes: of the 15th, 12th, 11th and 10th.
        (("16", "13", "10", "09"), 1, ["16", "13", "10"]),
        (("09", "01"), 6, ["09", "01"]),
        ((), 1, []),
    ],
)
@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_the_home_page_tells_what_was_withdrawn_among_its_notes(
    days: tuple[str, ...], home: int, lines: list[str], theme: str, tmp_path: Path
) -> None:
    settings = f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\npage_sizes: {{home: {home}, actor: 2}}\n"
    files: dict[str, str | bytes | None] = {f"content/notes/n{i}.md": note(f"N {i}", f"2017-12-{i:02}") for i in range(8, 13)}
    for day in days:
        gone = "{date: 2017-12-20, reason: It was wrong.}"
        files[f"content/notes/gone{day}.md"] = note("Gone", f"2017-12-{day}", withdrawn=gone)
    site = small_site(tmp_path, {**files, "content/site.yaml": settings})
    assert codes(run(site)) == []
    told = json.loads((site / "_site/index.json").read_bytes())["withdrawn"]
    assert [one["published"] for one in told] == [f"2017-12-{day}" for day in lines]
    assert page(site, "").count("was withdrawn on") == len(lines)


def test_a_site_of_which_all_was_withdrawn_says_so_at_home(tmp_path: Path) -> None:
    gone = note(withdrawn="{date: 2017-12-20, reason: It was wrong.}")
    for theme in ("folio", "wire"):
        site = write(tmp_path / theme, {"content/site.yaml": f"title: D\nurl: https://d.example/\ntheme: {theme}\n", OTHER: gone})
        assert codes(run(site)) == []
        assert page(site, "").count("was withdrawn on") == 1


def test_the_lines_for_withdrawn_notes_stand_on_the_pages_where_the_notes_stood(tmp_path: Path) -> None:
    common = {"actors": "[un]", "sources": "[{id: s1, source: tass}, {id: s2, source: tass}]"}
    files: dict[str, str | bytes | None] = {
        f"content/notes/n{day}.md": note(f"N {day}", f"2017-11-{day}", **common) for day in ("01", "03", "05", "07")
    }
    for day in ("02", "06"):
        files[f"content/notes/gone{day}.md"] = note(
            "Gone", f"2017-11-{day}", **common, withdrawn=f"{{date: 2017-12-20, reason: On {day}.}}"
        )
    hidden = "> Words.\n>\n> — [Japan](actor:japan) {marking=TLP:AMBER}\n\n[Guterres](actor:guterres) spoke.\n"
    files["content/notes/more.md"] = note("Gone", "2017-11-02", hidden, withdrawn="{date: 2017-12-20, reason: In the text.}")
    settings = "title: Desk\nurl: https://desk.example.org/\npage_sizes: {actor: 3, source: 3}\n"
    site = small_site(tmp_path, {**files, "content/site.yaml": settings})
    assert codes(run(site)) == []
    told = {
        path: [one["reason"] for one in json.loads(data)["withdrawn"]]
        for path, data in tree(site / "_site").items()
        if path.startswith(("actors/", "sources/")) and path.endswith("index.json") and path.count("/") > 1
    }
    assert told.pop("actors/japan/index.json") == [], "who is named where readers may not read it was not in the list"
    assert told.pop("actors/guterres/index.json") == ["In the text."]
    pages = {record: [told[path] for path in sorted(told) if record in path] for record in ("actors/un/", "sources/tass/")}
    assert sorted(reason for lines in pages["actors/un/"] for reason in lines) == ["On 02.", "On 06."]
    assert sorted(reason for lines in pages["sources/tass/"] for reason in lines) == ["On 02.", "On 06."]
    assert len([lines for lines in pages["sources/tass/"] if lines]) == 2


def test_an_old_address_leads_to_the_new_one(tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note(aliases="[/world/981464/, /a/page.html, '/Straße%20x']")})
    assert codes(run(site)) == []
    html = page(site, "world/981464")
    assert '<meta http-equiv="refresh" content="0; url=../../notes/other/">' in html
    assert '<link rel="canonical" href="https://desk.example.org/briefings/notes/other/">' in html
    assert 'href="../notes/other/"' in (site / "_site/a/page.html").read_text(encoding="utf-8")
    assert 'href="../notes/other/"' in page(site, "Straße x")


@pytest.mark.parametrize("alias", ["/notes/un-offer/", "/notes/", "/old/", "/theme/folio.css/", "/notes/other", "/Topics/"])
def test_old_addresses_clash_with_nothing(alias: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {OTHER: note(aliases=f"[{alias}]"), "content/notes/third.md": note(aliases="[/old]")})
    report = run(site)
    assert codes(report) == ["address-collision"]
    assert " and " in report.diagnostics[0].message


@pytest.mark.parametrize(
    ("alias", "path"),
    [
        *[("/a", "a/"), ("/a/index.html", "a/"), ("/a/b.HTML", "a/b.HTML"), ("/%C3%A9/", "é/"), ("/a.html/", "a.html/")],
        *[
            (wrong, None)
            for wrong in ("", "/", "a", "//a", "/../a", "/a/./b", "/a?b", "/a#b", "/.git/x", "/a\\b", "/%2e%2e/a", "/a\nb", "/ /")
        ],
    ],
)
def test_what_can_be_an_old_address(alias: str, path: str | None) -> None:
    assert alias_path(alias) == path


@pytest.mark.parametrize("text", ["0", "-1", "20", "4.50", "123456789012345678"])
def test_numbers_keep_their_digits(text: str) -> None:
    assert Number(text).text == text
    assert Number(text).shown.replace(",", "").replace("−", "-") == text


@pytest.mark.parametrize("text", ["", "1e3", "01", ".5", "1.", "+1", "NaN", "1_000", "٣", "1" * 19, " 1"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        Number(text)


def test_the_manifest_says_for_whom_a_build_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path, {OTHER: note(draft="true")})
    built = ["build", "--site", str(site), "--now", "2018-01-01", "--jobs", "1"]
    for options, audience, preview in (
        ([], "TLP:CLEAR", False),
        (["--drafts"], "TLP:CLEAR", True),
        (["--audience", "TLP:AMBER"], "TLP:AMBER", False),
        ([], "TLP:CLEAR", False),
    ):
        assert command_line([*built, *options]) == 0
        manifest = read_manifest(site / "_site")
        assert manifest is not None
        assert (manifest.audience, manifest.preview) == (audience, preview)
        assert (site / "_site/notes/other").exists() is preview
        assert ("preview" in capsys.readouterr().err) is preview
    # With another setting no page changes, but the manifest does.
    (site / "content/site.yaml").write_text(
        "title: Desk\nurl: https://desk.example.org/briefings/\naudience: TLP:GREEN\n", encoding="utf-8"
    )
    assert command_line(built) == 0
    manifest = read_manifest(site / "_site")
    assert manifest is not None
    assert manifest.audience == "TLP:GREEN"
    # One by an early version of the program says nothing.
    (site / "_site" / MANIFEST).write_text('{"generator": "briefings", "files": []}', encoding="utf-8")
    manifest = read_manifest(site / "_site")
    assert manifest is not None
    assert (manifest.audience, manifest.preview) == ("unknown", False)


def test_due_lists_what_comes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "content/site.yaml": "title: Desk\nurl: https://desk.example.org/\ntimezone: Asia/Seoul\n",
        **TOPIC,
        OTHER: note(
            embargo="2018-01-01",
            expires="2018-02-01T10:30:20Z",
            topics="[mediation]",
            events="[{id: e, title: E, date: 2018-01-15, marking: TLP:GREEN}, {id: f, title: F, date: 2018-01-16}]",
            figures="[{measure: n, value: 1, as_of: 2017-01-01, expires: 2018-01-10}]",
            body="> Words.\n>\n> — X {embargo=2018-01-05}\n",
        ),
        "content/notes/draft.md": note(embargo="2018-01-02", draft="true"),
        "content/notes/red.md": note(embargo="2018-01-02", marking="TLP:RED"),
        "content/actors/japan.yaml": "name: Japan\ntype: state\noffices: [{role: Chair, from: 2017-12, until: 2018-01-20}]\n",
        "content/notes/judged.md": note(
            judgements="[{id: a, text: A, likelihood: likely, resolve_by: 2018-01-19}, {id: b, text: B, likelihood: likely},"
            " {id: c, text: C, likelihood: likely, resolve_by: 2017-12-30}, {id: d, text: D, likelihood: likely, resolve_by: 2017-12-30,"
            " outcome: {date: 2017-12-30, happened: true}}, {id: e, text: E, likelihood: likely, resolve_by: 2017-12-30, marking: TLP:RED}]"
        ),
    }
    site = small_site(tmp_path, files)
    listed = ["due", "--site", str(site), "--now", "2017-12-31T00:00Z"]
    assert command_line([*listed, "--json"]) == 0
    found = [(one["at"], one["what"], one["id"], one["part"]) for one in json.loads(capsys.readouterr().out)]
    assert found == [
        ("2017-12-30T15:00:00+00:00", "overdue", "judged", 'judgement "c"'),
        ("2018-01-01T15:00:00+00:00", "appears", "other", ""),
        ("2018-01-05T15:00:00+00:00", "appears", "other", "a quotation"),
        ("2018-01-09T15:00:00+00:00", "lapses", "other", "figure of n"),
        ("2018-01-15T15:00:00+00:00", "happens", "other", 'event "f"'),
        ("2018-01-16T15:00:00+00:00", "ends", "other", 'event "f"'),
        ("2018-01-19T15:00:00+00:00", "settles", "judged", 'judgement "a"'),
        ("2018-01-20T15:00:00+00:00", "ends", "japan", 'office "Chair"'),
        ("2018-02-01T10:30:20+00:00", "lapses", "other", ""),
    ]
    assert command_line([*listed, "--cron"]) == 0
    crons = capsys.readouterr().out.split("\n")
    days = [f"3 15 {day} 1 *" for day in (1, 5, 9, 15, 16, 19, 20)]
    assert crons == [*days, "31 10 1 2 *", "37 4 * * *", ""]
    assert command_line([*listed, "--limit", "1"]) == 0
    out, err = capsys.readouterr()
    assert out == '2017-12-31 00:00:00 KST  overdue  note judged, judgement "c"  (content/notes/judged.md)\n'
    assert err == "… and 8 more\n"
    assert command_line([*listed, "--audience", "TLP:RED", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 13
