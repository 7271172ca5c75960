"""Mentions: which words of a text are names of actors, which of them become links, and what a change of names renders again."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.content.markdown.texts import Rendered, to_html
from briefings.content.parse import parsing
from briefings.content.steps import alone
from briefings.desk.check import check
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.linking import link_and_plan
from briefings.site.mentions import Finder
from briefings.site.names import Names, spelling
from tests.kit.small_sites import NOW, codes, note, run, small_site, tree, write

A = "content/notes/a.md"
PAGE = "notes/a/index.html"
LINK = re.compile(r'<a class="mention" href="\.\./\.\./actors/([^"]+)/">(.*?)</a>', re.DOTALL)


def names(*groups: str) -> Names:
    """Names of actors: each group has those of one, whose id is the first, with `|` between two."""
    found: dict[str, tuple[str, ...]] = {}
    for group in groups:
        identifier, *_ = all_names = group.split("|")
        for name in all_names:
            found[spelling(name)] = (*found.get(spelling(name), ()), identifier)
    return Names(found)


def text(markdown: str, *, raw_html: bool = False) -> Rendered:
    return alone(to_html(markdown, path=A, raw_html=raw_html, citations=("s1",)))


def found(markdown: str, *groups: str, raw_html: bool = False) -> list[str]:
    """The words of a text that become links to actors with these names."""
    made = text(markdown, raw_html=raw_html)
    return [made.html[one.start : one.end] for one in Finder(names(*groups)).mentions(made.html, made.body)]


# ── Which words are names ────────────────────────────────────────────────────

WORDS: list[tuple[str, str, bool]] = [
    # Name, text, whether it is found there.
    ("UN", "The UN said so.", True),
    ("UN", "UN", True),
    ("UN", "The UN, UNICEF", True),
    ("UN", "UNICEF and the TUN", False),
    ("UN", "The un", False),
    ("UN", "“UN”, (UN) and UN: UN", True),
    ("UN", "UN_1 and info@UN and UN.org", False),
    ("UN", "Readers of www.UN", False),
    ("UN", "The UN.", True),
    ("UN", "The UN/AU mission", True),
    ("AU", "The UN/AU mission", True),
    # Accents
    ("Tarō Kōno", "Mr Tarō Kōno spoke.", True),
    ("Kon", "Mr Kōno spoke, as did Konō.", False),
    ("Jos", "José", False),
    ("Jos", normalize("NFD", "José"), False),
    ("Jose", normalize("NFD", "José"), False),
    ("Åland", normalize("NFD", "On Åland today"), True),
    ("Stéphane", "Stéphane's", True),
    # Possessives
    ("Guterres", "Guterres's view", True),
    ("Guterres", "Guterres’s view", True),
    ("Guterres", "Guterres' view", True),
    ("Guterres", "Guterres’ view", True),
    ("UN", "the 'UN' and ‘UN’", True),
    ("Sana", "Sana'a", False),
    ("Trump", "Trump'll go", True),
    ("ONU", "l'ONU", True),
    ("ONU", "L’ONU", True),
    ("Brien", "O’Brien", False),
    ("Côte d'Ivoire", "In Côte d’Ivoire,", True),
    ("Côte d’Ivoire", "In Côte d'Ivoire,", True),
    # Hyphens and dashes
    ("UN", "A UN-backed plan", True),
    ("UN", "a non-UN plan", True),
    ("UN", "a plan–UN–plan, a plan — UN", True),
    ("UN", "UN--which", True),
    ("Guinea", "Guinea-Bissau", False),
    ("Smith", "Lloyd-Smith", False),
    ("Hwasong", "the Hwasong-15", False),
    ("Assad", "al-Assad", True),
    ("Kim Jong-un", "Kim Jong‑un", True),
    # Other scripts
    ("联合国", "秘书长说联合国支持和平", True),
    ("朝鲜", "对朝鲜半岛", True),
    ("NATO", "NATOは日本と", True),
    ("イラン", "イランは", True),
    ("イラン", "イランド", False),
    ("유엔", "유엔은 말했다", True),
    ("유엔", "비유엔", False),
    ("ООН", "в ООН.", True),
    ("ООН", "ООНовский", False),
    ("الأمم المتحدة", "قالت الأمم المتحدة إن", True),
    # Spaces, line breaks, markup
    ("Kim Jong Un", "Then Kim\nJong Un spoke.", True),
    ("Kim Jong Un", "Then Kim\u00a0Jong Un spoke.", True),
    ("Kim  Jong Un", "Then Kim Jong Un spoke.", True),
    ("Kim Jong Un", "Then Kim *Jong* Un spoke.", False),
    ("Kim Jong Un", "Then **Kim Jong Un** spoke.", True),
    ("US", "The *US*SR fell.", False),
    ("SR", "The *US*SR fell.", False),
    ("US", "The *US*, *US*", True),
    ("US", "The US[SR](https://example.org/) fell.", True),
    ("Johnson & Johnson", "At Johnson & Johnson’s", True),
    ("amp", "This & that; R&D", False),
    ("p", "Words.\n\n- li\n", False),
    ("UN", "The UN[^1].\n\n[^1]: A remark.", True),
    ("UN", "The UN [@s1].", True),
]


@pytest.mark.parametrize(("name", "markdown", "expected"), WORDS)
def test_a_name_is_found_where_it_is_a_word(name: str, markdown: str, expected: bool) -> None:
    assert bool(found(markdown, name)) is expected


def test_of_two_names_at_one_place_the_longest_counts() -> None:
    groups = ("guterres|António Guterres|Guterres", "un|UN|United Nations", "council|UN Security Council|Security Council", "korea|Korea")
    markdown = "In the UN Security Council, António Guterres spoke of South Korea and the UN. Guterres left the Security Council."
    assert found(markdown, *groups) == ["UN Security Council", "António Guterres", "Korea", "UN"]
    assert found(markdown, *groups, "rok|South Korea") == ["UN Security Council", "António Guterres", "South Korea", "UN"]


def test_a_name_that_two_actors_have_is_never_a_link_nor_is_a_shorter_name_within_it() -> None:
    assert found("The Kim Jong of Kim.", "one|Kim Jong", "two|Kim Jong", "kim|Kim") == ["Kim"]
    assert found("The Kim Jong.", "one|Kim Jong", "two|Kim Jong", "kim|Kim") == []
    assert found("Kim Jong Un of the Kim Jong.", "one|Kim Jong|Kim Jong Un", "two|Kim Jong") == ["Kim Jong Un"]


APART = {
    "a heading": "## Of the UN\n",
    "a link": "See [the UN](https://example.org/).\n",
    "a link to a record": "See [the UN](note:x), and [the *UN* there](actor:x).\n",
    "an address": "<https://example.org/UN>\n",
    "code": "A `UN` here.\n",
    "a block of code": "```\nUN\n```\n\n    UN\n",
    "a quotation": "> Said the UN.\n>\n> > So the UN.\n>\n> UN\n",
    "a quotation with a speaker": "> Said the UN.\n>\n> — [UN](actor:x), of the UN\n",
    "the title of a box": "> [!NOTE] UN\n> Words.\n",
    "a caption": '![UN](a.png "UN")\n',
    "the head of a table": "| UN | b |\n|---|---|\n| c | d |\n",
    "a term": "UN\n: Words.\n",
    "a footnote": "Words[^1].\n\n[^1]: The UN.\n",
    "the text of a picture": "Here is ![the UN](a.png) seen.\n",
    "a picture in a link": "Here is [![the UN](a.png) UN](note:x) seen.\n",
}


@pytest.mark.parametrize("place", APART)
def test_no_name_is_linked_where_it_is_no_running_text(place: str) -> None:
    assert found(APART[place], "UN") == []
    behind = APART[place] + "\n\nThen the **UN** came.\n"
    made = text(behind)
    (mention,) = Finder(names("UN")).mentions(made.html, made.body)
    assert made.html[: mention.start].endswith("<p>Then the <strong>")


@pytest.mark.parametrize("element", ["q", "cite", "kbd", "summary", "blockquote", "figure", "h3", "figcaption"])
def test_raw_html_has_the_same_places(element: str) -> None:
    raw = f"<div title='UN'>\n<{element} title='UN > UN'>The UN, <b>UN</b></{element}>\n</div>\n"
    assert found(raw, "UN", raw_html=True) == []
    assert found(raw + "\nThe <b>UN</b> came.\n", "UN", raw_html=True) == ["UN"]


# ── Whatever the text: nothing but links is added, and only in running text ──

PIECES = [
    "UN", "United Nations", "Guterres", "António Guterres", "& <b>", "`UN`", "*UN*", "**United** Nations", "word", "[UN](note:x)",
    "![UN](a.png)", "联合国", "Guterres’s", "[^1]", "[@s1]", "<https://example.org/UN>", "\\<UN>", "a-UN", '"UN"', "UN\nUN",
]  # fmt: skip
BLOCKS = ["{}", "## {}", "> {}", "> > {}\n>\n> {}", "- {}\n- {}", "| {} | b |\n|---|---|\n| {} | d |", "> [!NOTE] {}\n> {}", "{}\n: {}"]
NAMES = names("un|UN|United Nations|联合国", "guterres|Guterres|António Guterres", "x|amp|p|b|title|class|x|href")

blocks = st.tuples(st.sampled_from(BLOCKS), st.lists(st.sampled_from(PIECES), min_size=1, max_size=5))


class _Reader(HTMLParser):
    """Reads the words that readers see, and which elements are around each link to an actor."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.around: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if dict(attrs).get("class") == "mention":
            self.around.append([*self.open])
        if tag not in ("br", "img", "hr", "input"):
            self.open.append(tag if tag != "p" or dict(attrs).get("class") != "admonition-title" else "title of a box")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in (tag, "title of a box"), "elements are nested"

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(re.sub("\x01[^\x02]*\x02", "", html))
    return reader


@given(st.lists(blocks, max_size=6), st.booleans())
def test_links_change_no_word_and_stand_in_running_text_alone(parts: list[tuple[str, list[str]]], raw_html: bool) -> None:
    markdown = "\n\n".join(block.format(*[" ".join(words)] * block.count("{}")) for block, words in parts) + "\n\n[^1]: UN, Guterres.\n"
    made = text(markdown, raw_html=raw_html)
    mentions = Finder(NAMES).mentions(made.html, made.body)
    html = made.html
    for one in reversed(mentions):
        html = f'{html[: one.start]}<a class="mention">{html[one.start : one.end]}</a>{html[one.end :]}'
    before, after = read(made.html), read(html)
    assert "".join(after.words) == "".join(before.words)
    assert len(after.around) == len(mentions) == len({one.actor for one in mentions})
    assert [spelling(unescape(made.html[m.start : m.end])) in NAMES.actors for m in mentions] == [True] * len(mentions)
    apart = {"a", "h2", "code", "pre", "blockquote", "th", "dt", "figure", "section", "title of a box"}
    assert not apart & {element for elements in after.around for element in elements}
    assert [m.holes for m in mentions] == [len(re.findall("\x01[0-9]+\x02", made.html[: m.start])) for m in mentions]


# ── Pages ────────────────────────────────────────────────────────────────────

ACTORS: Mapping[str, str] = {
    "content/actors/guterres.yaml": "name: António Guterres\ntype: person\nalso_known_as: [Guterres]\nweak_names: [the UN chief]\n",
    "content/actors/dprk.yaml": "name: North Korea\ntype: state\nalso_known_as: [DPRK]\n",
}


def site_of(folder: Path, body: str, more: Mapping[str, str | bytes | None] | None = None, /, **header: str) -> Path:
    return small_site(folder, {**ACTORS, A: note("A note", body=body, **header), **(more or {})})


def links(site: Path) -> list[tuple[str, str]]:
    """Actor and words of each link of a mention on the note's page."""
    return LINK.findall((site / "_site" / PAGE).read_text(encoding="utf-8"))


def page(site: Path, path: str) -> str:
    return (site / "_site" / path / "index.html").read_text(encoding="utf-8")


def test_the_first_mention_links_and_is_a_role_of_its_own(tmp_path: Path) -> None:
    body = "Guterres met [Japan](actor:japan). Guterres, the DPRK and North Korea; the United Nations.\n"
    site = site_of(tmp_path, body, actors="[{id: un, role: host}]")
    assert codes(run(site)) == []
    assert links(site) == [("guterres", "Guterres"), ("dprk", "DPRK"), ("un", "United Nations")]
    html = page(site, "notes/a")
    assert html.count('<span class="role">mentioned</span>') == 2
    assert '<span class="role">host</span>' in html
    assert "<h3>Mentioned" in page(site, "actors/dprk")
    assert "Mentioned" not in page(site, "actors/un")


BY_AUTHOR = {
    "before": ("[He](actor:guterres) left. Guterres, too.\n", []),
    "behind": ("Guterres left. [He](actor:guterres), too.\n", [("guterres", "Guterres")]),
    "by path": ("[He](../actors/guterres.yaml) left. Guterres, too.\n", []),
    "in a quotation": ("> So.\n>\n> — [Him](actor:guterres)\n\nGuterres left.\n", []),
    "to another": ("[Japan](actor:japan) left. Guterres, too.\n", [("guterres", "Guterres")]),
}


@pytest.mark.parametrize("where", BY_AUTHOR)
def test_what_the_author_has_linked_before_is_not_linked_again(where: str, tmp_path: Path) -> None:
    body, expected = BY_AUTHOR[where]
    site = site_of(tmp_path, body)
    assert codes(run(site)) == []
    assert links(site) == expected


def test_a_note_leaves_actors_out_and_a_site_all(tmp_path: Path) -> None:
    body = "Guterres and the DPRK.\n"
    site = site_of(tmp_path, body, mentions="{exclude: [dprk]}")
    assert codes(run(site)) == []
    assert links(site) == [("guterres", "Guterres")]
    assert "A note" not in page(site, "actors/dprk")
    write(site, {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/briefings/\nmentions: none\n"})
    assert codes(run(site)) == []
    assert links(site) == []
    assert "A note" not in page(site, "actors/guterres")
    write(site, {A: note("A note", body=body, mentions="{exclude: [nobody]}")})
    report = run(site)
    assert [(d.code, d.place.line) for d in report.diagnostics] == [("unknown-actor", 4)]


def test_an_actor_that_may_not_be_shown_is_no_name_and_makes_none_ambiguous(tmp_path: Path) -> None:
    held = "name: António Guterres\ntype: person\nalso_known_as: [DPRK, Secret]\nmarking: TLP:RED\n"
    body = "António Guterres of the DPRK, and Secret.\n"
    with_it = site_of(tmp_path / "with", body, {"content/actors/held.yaml": held})
    without = site_of(tmp_path / "without", body)
    for site in (with_it, without):
        assert codes(run(site)) == []
        assert links(site) == [("guterres", "António Guterres"), ("dprk", "DPRK")]
    assert tree(with_it / "_site") == tree(without / "_site")
    assert b"Secret" not in (with_it / ".briefings/cache.sqlite").read_bytes().replace(b"and Secret.", b"")
    # Once it is withheld, its names are forgotten.
    write(with_it, {"content/actors/held.yaml": held.replace("RED", "CLEAR")})
    assert run(with_it).ok
    assert links(with_it) == [("held", "Secret")]
    write(with_it, {"content/actors/held.yaml": held})
    assert run(with_it).ok
    assert tree(with_it / "_site") == tree(without / "_site")
    assert b"Secret" not in (with_it / ".briefings/cache.sqlite").read_bytes().replace(b"and Secret.", b"")


def test_a_link_to_a_marked_actor_shows_its_mark(tmp_path: Path) -> None:
    settings = {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\naudience: TLP:GREEN\n"}
    marked = {"content/actors/dprk.yaml": ACTORS["content/actors/dprk.yaml"] + "marking: TLP:GREEN\n"}
    site = site_of(tmp_path, "The DPRK.\n", settings | marked)
    assert codes(run(site)) == []
    html = page(site, "notes/a")
    assert '>DPRK</a> <span class="mark tlp-green">TLP:GREEN</span>' in html
    assert html.count("tlp-banner") or "TLP:GREEN" in html.split("<main")[0]


# ── What is done again ───────────────────────────────────────────────────────

MANY = {f"content/notes/n{n}.md": note(f"Note {n}", body=f"Words of Pyongyang, {n}.\n" if n < 3 else f"Words {n}.\n") for n in range(8)}
ALIAS = {"content/actors/dprk.yaml": ACTORS["content/actors/dprk.yaml"].replace("[DPRK]", "[DPRK, Pyongyang]")}


def test_a_new_alias_renders_the_notes_that_have_it_and_parses_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(tmp_path / "site", "The DPRK.\n", MANY)
    assert run(site).ok
    before = tree(site / "_site")
    write(site, ALIAS)
    parsed: list[str] = []

    def watched(path: str, *rest: Any) -> Any:
        parsed.append(path)
        return parsing(path, *rest)

    monkeypatch.setattr("briefings.engine.worker.parsing", watched)
    report = run(site)
    assert report.ok
    assert parsed == [*ALIAS]
    after = tree(site / "_site")
    changed = {path for path, data in after.items() if before.get(path) != data and path.startswith("notes/") and path.endswith(".html")}
    assert changed == {f"notes/n{n}/index.html" for n in range(3)}
    clean = site_of(tmp_path / "clean", "The DPRK.\n", MANY | ALIAS)
    assert run(clean).ok
    assert after == tree(clean / "_site")


EDITS: Mapping[str, tuple[str, bool]] = {
    "other words": ("Today the DPRK and António Guterres.\n", False),
    "another name of the same": ("North Korea, Guterres.\n", False),
    "another order": ("Guterres, the DPRK.\n", False),
    "one whom the header names": ("The DPRK, Guterres and Japan.\n", False),
    "one fewer": ("The DPRK.\n", True),
    "one more": ("The DPRK, Guterres, United Nations.\n", True),
    "no text": ("", True),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_a_text_links_again_only_where_its_mentions_change(edit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body, links_again = EDITS[edit]
    site = site_of(tmp_path / "site", "The DPRK, Guterres.\n", actors="[japan]")
    assert run(site).ok
    times: list[int] = []

    def watched(*given: Any) -> Any:
        times.append(1)
        return link_and_plan(*given)

    monkeypatch.setattr("briefings.engine.prepare.link_and_plan", watched)
    write(site, {A: note("A note", body=body, actors="[japan]")})
    assert run(site).ok
    assert bool(times) is links_again
    clean = site_of(tmp_path / "clean", body, actors="[japan]")
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")


def test_what_was_edited_meanwhile_is_known_when_all_is_linked_again(tmp_path: Path) -> None:
    body, more = "Of the DPRK and Guterres.\n", {"content/topics/new.yaml": "name: New\n"}
    site = site_of(tmp_path / "site", "The DPRK, Guterres.\n")
    assert run(site).ok
    write(site, {A: note("A note", body=body)})
    assert codes(run(site)) == []
    assert codes(run(site, verify=True)) == []
    write(site, more)
    assert codes(run(site)) == []
    clean = site_of(tmp_path / "clean", body, more)
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")


def test_texts_that_the_cache_has_lost_are_searched_all_the_same(tmp_path: Path) -> None:
    site = site_of(tmp_path / "site", "The DPRK.\n", MANY)
    assert run(site).ok
    with contextlib.closing(sqlite3.connect(site / ".briefings/cache.sqlite")) as connection:
        connection.execute("DELETE FROM entry WHERE kind = 'texts' OR key = 'mentions'")
        connection.commit()
    write(site, ALIAS)
    assert run(site).ok
    clean = site_of(tmp_path / "clean", "The DPRK.\n", MANY | ALIAS)
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")


# ── What the desk is told ────────────────────────────────────────────────────


def told(site: Path) -> list[tuple[str, str, int, int]]:
    """Code, file, line and column of all that `check` says of the site."""
    found = check(BuildRequest(site, site / "_site", NOW, 1), quiet)
    return [(d.code, d.place.path, d.place.line, d.place.column) for d in found]


def test_a_name_of_two_actors_is_told_where_the_second_has_it(tmp_path: Path) -> None:
    other = "name: North Korea\ntype: state\nalso_known_as:\n- Guterres\n- Other\n"
    site = site_of(tmp_path, "North Korea, Guterres.\n", {"content/actors/other.yaml": other})
    assert codes(run(site)) == []
    assert links(site) == []
    assert told(site) == [
        ("ambiguous-name", "content/actors/other.yaml", 1, 7),
        ("ambiguous-name", "content/actors/other.yaml", 4, 3),
    ]
    write(site, {"content/actors/other.yaml": other + "draft: true\n"})
    assert told(site) == []


def test_a_name_in_lower_case_of_two_actors_is_told_once(tmp_path: Path) -> None:
    """At the beginning of a sentence it has a capital: that is the same name."""
    fed = "type: organization\nalso_known_as: [the Fed]\n"
    files = {"content/actors/fed.yaml": f"name: Reserve\n{fed}", "content/actors/police.yaml": f"name: Police\n{fed}"}
    assert told(site_of(tmp_path, "Text.\n", files)) == [("ambiguous-name", "content/actors/police.yaml", 3, 17)]


WEAK: Mapping[str, tuple[str, dict[str, str], int]] = {
    "in running text": ("So said the UN\nchief on Monday.\n", {}, 6),
    "where a sentence begins": ("> Said:\n\nSo it is. The UN chief said so.\n", {}, 8),
    "in a quotation": ("> So said the UN chief.\n", {}, 0),
    "in a link": ("So said [the UN chief](actor:guterres).\n", {}, 0),
    "of one who is named": ("So said the UN chief.\n", {"actors": "[guterres]"}, 0),
    "of one who is mentioned": ("So said the UN chief, Guterres.\n", {}, 0),
    "of one who is excluded": ("So said the UN chief.\n", {"mentions": "{exclude: [guterres]}"}, 0),
}


@pytest.mark.parametrize("where", WEAK)
def test_a_weak_name_is_told_unless_it_is_clear_who_is_meant(where: str, tmp_path: Path) -> None:
    body, header, line = WEAK[where]
    site = site_of(tmp_path, body, **header)
    assert [found[:3] for found in told(site)] == ([("weak-name", A, line)] if line else [])
    assert codes(run(site)) == []
    assert all(words != "the UN chief" for _, words in links(site))
