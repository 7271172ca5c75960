"""What theme and program print is no evidence of a leak; whatever else stands in the program's source is."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from briefings.audit.audit import audit, held_by
from briefings.audit.patterns import Patterns, Secret
from briefings.audit.withheld import AuditRequest, Evidence, gather_evidence
from briefings.audit.words import words_of
from briefings.engine.api import quiet
from briefings.executors.executor import Executor
from tests.kit.small_sites import NOW, REPOSITORY, example_site, run, small_site, tree, write

PACKAGE = REPOSITORY / "briefings"


def withheld_titles(titles: list[str]) -> dict[str, str]:
    """Drafts with these titles."""
    return {f"content/pages/hidden-{n}.md": f"---\ntitle: {json.dumps(title)}\ndraft: true\n---\n" for n, title in enumerate(titles)}


def constants() -> list[str]:
    """Every text of several words in the package's own Python, docstrings and samples of the validator included."""
    found: set[str] = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update(line.strip() for line in node.value.splitlines())
    return sorted(text for text in found if 3 <= len(words_of(text)) <= 7 and "{" not in text and text.isprintable())


def known_of(site: Path) -> Evidence:
    with Executor() as executor:
        known = gather_evidence(AuditRequest(site, site / "_site", NOW, sound=True), executor, quiet)
    assert known is not None
    return known


def test_no_text_of_the_source_is_excused_unless_it_is_printed(tmp_path: Path) -> None:
    titles = {tuple(words_of(title)): title for title in constants()}
    assert len(titles) > 500
    site = small_site(tmp_path / "desk")
    assert run(site).ok
    patterns = Patterns(Secret("", "title", pattern, is_name=True) for pattern in titles)
    excused = held_by(known_of(site).shown, patterns)
    published = {pattern for data in tree(site / "_site").values() for pattern in patterns.find(data)}
    # Tags and attributes of mark-up, and what is printed on other sites than this.
    elsewhere = re.compile(
        r"[<>]|role=|aria-label=|loading=|crawler$|^sitemap-index|^Back to the text|^What happened, and|^What is measured, and"
    )
    extra = sorted(titles[pattern] for pattern in excused - published if not elsewhere.search(titles[pattern]))
    assert extra == [], "\n".join(extra)


SAMPLES = {
    "docstring": "What an audit looked at and found",
    "diagnostic": "a macro sees only what it is given",
    "remedy": "see the list of tests in Jinja's manual",
    "sample": "North Korea's nuclear and missile programme",
    "command": "Look for what must not be public",
    "comment of a template": "Ruritania is thought of here",
    "variable of a template": "secret minister",
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_no_template_prints_is_evidence(kind: str, tmp_path: Path) -> None:
    template = "{% extends 'folio/page.html' %}{# Ruritania is thought of here #}{% set secret_minister = 1 %}"
    theme = {"themes/own/theme.yaml": "extends: folio\n", "themes/own/templates/page.html": template}
    settings = {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\ntheme: own\n"}
    site = small_site(tmp_path / "desk", {**theme, **settings, **withheld_titles([SAMPLES[kind]])})
    assert audit(AuditRequest(site, write(tmp_path / "tree", {"x.txt": SAMPLES[kind]}), NOW, sound=True), 1, quiet).leaks


PRINTED = {
    "text of a template": "Zebra words of the theme",
    "text across a condition": "Zebra words go on here",
    "text in an expression": "Zebra words in quotes",
    "the program's own": "What was wrong in notes, and what is right.",
    "schema.org": "AnalysisNewsArticle",
    "a page's own": "Page not found",
    "a month": "December",
}


@pytest.mark.parametrize("kind", PRINTED)
def test_what_is_printed_is_no_evidence(kind: str, tmp_path: Path) -> None:
    template = "<p>Zebra words of the theme</p><p>Zebra words{% if site %} go on here{% endif %}</p>{{ 'Zebra words in quotes' }}"
    theme = {"themes/own/theme.yaml": "extends: folio\n", "themes/own/templates/page.html": template}
    settings = {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\ntheme: own\n"}
    site = small_site(tmp_path / "desk", {**theme, **settings, **withheld_titles([PRINTED[kind]])})
    assert audit(AuditRequest(site, write(tmp_path / "tree", {"x.txt": PRINTED[kind]}), NOW, sound=True), 1, quiet).leaks == ()


@pytest.mark.slow
def test_no_word_that_a_site_prints_by_itself_would_be_taken_for_a_leak(tmp_path: Path) -> None:
    """Each word of the example site, as if a withheld record were called so: records, theme or program must account for it."""
    site = example_site(tmp_path)
    assert run(site).ok
    pages = [
        data.decode() for name, data in tree(site / "_site").items() if name.endswith((".html", ".json", ".xml", ".txt", ".webmanifest"))
    ]
    # Figures are counts and dates, single letters the headings of an index, eight hexadecimal digits the version of a note.
    said = {word for page in pages for word in words_of(page) if len(word) > 1 and not any(map(str.isdigit, word))}
    said = {word for word in said if len(word) != 8 or not set(word) <= set("abcdef")}
    patterns = Patterns(Secret("", "title", (word,), is_name=True) for word in said)
    assert {pattern[0] for pattern in patterns.secrets} - {pattern[0] for pattern in held_by(known_of(site).shown, patterns)} == set()
