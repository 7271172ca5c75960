"""Ids of headings and pictures: made from words, given by authors, apart from those of the page; boxes that begin as on GitHub."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from briefings.content.markdown.anchors import heading_anchor, is_reserved
from briefings.content.markdown.sentences import without_gaps
from briefings.content.markdown.word_holes import filled
from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.core.language import ENGLISH
from tests.content.test_markdown import render
from tests.kit.small_sites import REPOSITORY, codes, note, run, small_site


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Mrs. Doe", "mrs-doe"),
        ("Tom's data.json", "toms-datajson"),
        ("Talks & votes", "talks--votes"),
        ("“Fire and fury” — a threat?", "fire-and-fury--a-threat"),
        ("U.S.–China", "uschina"),
        ("What they_said", "what-they_said"),
        ("Où va l’Élysée ?", "où-va-lélysée-"),
        ("Что дальше?", "что-дальше"),
        ("終わった。次に", "終わった次に"),
        ("हिन्दी में", "हिन्दी-में"),
        ("_main_", "main_"),
        ("2. Vote", "2-vote"),
        ("…", ""),
        ("- _", ""),
    ],
)
def test_the_anchor_of_a_heading_is_the_one_that_github_gives(heading: str, anchor: str) -> None:
    assert heading_anchor(heading) == anchor


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("## Talks {#first}", ("first",)),
        ("## *Talks*  {#first} ##", ("first",)),
        ("Talks {#first}\n---", ("first",)),
        ("# `x`{#first}", ("first",)),
        ("## Talks \\{#first}", ("talks-first",)),
        ("## Talks {#first .wide}", ("talks-first-wide",)),
        ("## Talks {#}", ("talks",)),
        ("## One\n\n## One\n\n## One {#one-2}", ("one", "one-2", "one-2-2")),
        ("## \\_main\n\n## …", ("main", "section")),
    ],
)
def test_a_heading_may_say_its_anchor(text: str, anchors: tuple[str, ...]) -> None:
    rendered = render(text)
    assert rendered.body.anchors == anchors
    assert ("{#first}" in rendered.html) == ("\\{" in text)


def test_an_id_in_braces_is_no_word_of_the_heading() -> None:
    rendered = render("## Talks resume {#first}")
    assert rendered.html == '<h2 id="first">Talks resume</h2>\n'
    assert [(h.id, h.text) for h in rendered.body.outline] == [("first", "Talks resume")]
    assert rendered.body.words == 2


@pytest.mark.parametrize(
    ("text", "line", "anchor"),
    [
        ("## A {#x}\n\n## B {#x}", 3, "x-2"),
        ("## X\n\n![m](m.svg){#x}", 3, "x-2"),
        ("Words and\n![m](m.svg){#_main} more", 2, "main"),
        ("## A {#_main}", 1, "main"),
        ("## A {#-x-}", 1, "-x-"),
        ("## A {#}", 1, "a"),
        ("## A {#¡}", 1, "a"),
        ("## A {#correction-2017-12-15-0123abcd}", 1, "correction-2017-12-15-0123abcd-2"),
    ],
)
def test_an_id_that_cannot_be_is_told(text: str, line: int, anchor: str) -> None:
    rendered = render(text)
    (found,) = (d for d in rendered.diagnostics if d.code == "bad-anchor")
    assert found.place.line == line
    assert rendered.body.anchors[-1] == anchor
    assert f'"{anchor}"' in found.message


def test_links_to_former_anchors_lead_to_the_new_ones(tmp_path: Path) -> None:
    body = "## Mrs. Doe\n\n[a](#mrs.-doe) [b](#mrs-doe) [c](#mrs.-doe-2) [d](note:b#talks-talks) [e](b.md#t-v)\n\n## Mrs. Doe\n"
    site = small_site(tmp_path, {"content/notes/a.md": note(body=body), "content/notes/b.md": note(body="## Talks {#talks}\n\n## T & v\n")})
    report = run(site)
    assert codes(report) == []
    page = (site / "_site/notes/a/index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]*)">([a-e])</a>', page)
    assert links == [("#mrs-doe", "a"), ("#mrs-doe", "b"), ("#mrs-doe-2", "c"), ("../../notes/b/#talks", "d"), ("../../notes/b/#t--v", "e")]


def test_all_ids_of_the_themes_are_reserved() -> None:
    templates = [*(REPOSITORY / "themes").rglob("*.html")]
    assert len(templates) > 10
    for template in templates:
        for found in re.findall(r'\bid="([^"]*)"', template.read_text(encoding="utf-8")):
            # The anchors of sources and corrections are made by the program.
            assert is_reserved(found) or found in (
                "{{ one.anchor }}",
                "{{ citation.anchor }}",
                "{{ item.anchor }}",
                "{{ telling.anchor }}",
                "{{ stand.anchor }}",
                "{{ week.anchor }}",
                "{{ week.anchor }}-days",
            ), (template, found)


def test_no_page_has_an_id_twice_whatever_a_text_wishes(tmp_path: Path) -> None:
    wishes = ["_main", "_contents", "source-s1", "cite-s1-1", "fn1", "fnref1", "correction-2017-12-16-0a1b2c3d"]
    body = "Said [@s1].[^1]\n\n" + "\n\n".join(f"## H {{#{w}}}\n\n## {w}\n\n![p](p.svg){{#{w}}}" for w in wishes) + "\n\n[^1]: F.\n"
    header = {"sources": "[{id: s1, source: tass}]", "corrections": "[{date: 2017-12-16, wrong: a, right: b}]"}
    site = small_site(tmp_path, {"content/notes/a.md": note(body=body, **header), "content/notes/p.svg": "<svg width='4' height='3'/>"})
    report = run(site)
    assert report.ok
    for page in (site / "_site").rglob("*.html"):
        ids = re.findall(r'\sid="([^"]*)"', page.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids)), page


# ── Boxes ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "name", "title", "words"),
    [
        ("> [!NOTE]\n> Unverified.", "note", "Note", "<p>Unverified.</p>"),
        ("> [!tip] Ask *first*\n> Then act.", "tip", "Ask first", "<p>Then act.</p>"),
        ("> [!IMPORTANT]\n>\n> - one", "important", "Important", "<li>one</li>"),
        ("> [!WARNING]\n> *A* b\n> — c", "warning", "Warning", "<p><em>A</em> b\n— c</p>"),
        ("> [!CAUTION]-", "caution", "Caution", ""),
        ("- > [!key-points]\n  > x", "key-points", "Key points", "<p>x</p>"),
    ],
)
def test_a_quotation_may_be_a_box(text: str, name: str, title: str, words: str) -> None:
    html = filled(render(text).html, str, ENGLISH)
    assert f'<aside class="admonition {name}" role="note" aria-label="' in html
    assert f'<p class="admonition-title">{title}</p>' in html
    assert words in html
    assert "[!" not in html
    assert "blockquote" not in html
    assert "figure" not in html


@pytest.mark.parametrize(
    "text", ["> \\[!NOTE]\n> x", "> `[!NOTE]`\n> x", "> [!NOTE]x\n> y", "> [!note]\n> x\n\n[!note]: /notes/", "> x\n> [!NOTE]"]
)
def test_other_quotations_stay_quotations(text: str) -> None:
    assert "<blockquote>" in render(text).html


def test_a_quotation_in_a_box_has_its_speaker() -> None:
    html = render("> [!NOTE]\n> > Words.\n> >\n> > — A").html
    assert re.search(r'<figure class="quotation" id="quotation-[0-9a-f]{8}"><blockquote>', html)
    assert html.rstrip().endswith("</aside>")


# ── Sentences ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("As [told](note:a) [@s1]. More.", "."),
        ("As [told](note:a) [@s1][^1] [@s1], yes.\n\n[^1]: x", ", yes."),
        ("As [told](note:a) [@s1] by them.", " by them."),
        ("As [told](note:a) and [@s1]", " and"),
        ("As [told](note:a), [@s1] (so).", ", (so)."),
    ],
)
def test_no_blank_is_left_where_a_citation_was(text: str, after: str) -> None:
    (reference,) = render(text, citations=("s1",)).body.references
    assert reference.after == after


def test_words_keep_their_blanks() -> None:
    assert without_gaps(["a ", "b", " c"]) == ["a ", "b", " c"]


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("someone@example.org", "write mailto:someone@example.org"),
        ("vote.gov", "write https://vote.gov"),
        ("www.un.int/a", "write https://www.un.int/a"),
        ("b.md%20", "delete the blanks around the address: write b.md"),
    ],
)
def test_a_path_that_is_none_has_the_remedy_of_its_cause(tmp_path: Path, address: str, remedy: str) -> None:
    report = run(small_site(tmp_path, {"content/notes/a.md": note(body=f"[x]({address})\n")}))
    assert [(d.code, d.remedy) for d in report.diagnostics] == [("broken-link", remedy)]


@pytest.mark.parametrize(
    "heading",
    [r"## C {\#sharp}", "## A &#123;#x}", r"## B {#x\}", "## {#}", "## A {#x} {#y}", "## `{#x}`", "## [{#x}](https://example.org)"],
)
def test_any_heading_can_be_parsed(heading: str) -> None:
    parsed = parse("content/notes/a.md", f"---\ntitle: A\ndate: 2017-12-15\n---\n{heading}\n".encode(), SiteConfig(title="Desk"))
    assert len(parsed.records) == 1
