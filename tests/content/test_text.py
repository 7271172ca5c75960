"""Ids, order and near misses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.core.text import closest, collation, collision_key, difference, fold, initial, is_id, is_too_long, listing, plural, slugify
from briefings.core.urls import base_path, encode, is_safe, is_web, root_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("UN offers to mediate", "un-offers-to-mediate"),
        ("  “Fire and fury” — again? ", "fire-and-fury-again"),
        ("Ōe Kenzaburō", "ōe-kenzaburō"),
        ("Cafe\u0301", "café"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("一二三", "一二三"),
        ("3.1 Results", "3.1-results"),
        ("...", ""),
        ("???", ""),
        ("a_b", "a-b"),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_a_slug_is_an_id_and_stays_itself(text: str) -> None:
    slug = slugify(text)
    assert slug == "" or is_id(slug) or is_too_long(slug) or not slug[0].isalnum()
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    "text", ["", "-a", ".a", "a.", "a b", "a/b", "a#b", "..", "a?b", "e\u0301", "a\u0000", "a%b", "a:b", "a" * 201, "한" * 67]
)
def test_what_no_id_can_be(text: str) -> None:
    assert not is_id(text)


@pytest.mark.parametrize("text", ["a", "UN", "res.2397", "é", "हिन्दी", "a_b-c", "2017", "a" * 200, "한" * 66])
def test_what_an_id_can_be(text: str) -> None:
    assert is_id(text)


def test_accents_decide_only_between_equals() -> None:
    names = ["Ötzi", "Oz", "Ota", "Łódź", "Lodz", "Éric", "Eric", "Zoë"]
    assert sorted(names, key=collation) == ["Eric", "Éric", "Lodz", "Łódź", "Ota", "Ötzi", "Oz", "Zoë"]


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        *(("Ötzi", "O"), ("Łódź", "L"), ("7 days", "#"), ("", "#"), ("Ærø", "A"), ("李", "李")),
        *(("ʻOkina", "O"), ("’s-Gravenhage", "S"), ('"Quoted"', "Q"), (" (Unnamed)", "U"), ("“7 days”", "#"), ("$", "#"), ("ʻ", "#")),
    ],
)
def test_initials(name: str, letter: str) -> None:
    assert initial(name) == letter


def test_signs_before_the_first_letter_decide_only_between_equals() -> None:
    names = ["Olu", "ʻOkina", "¿Oz", "Oz", "Ota", "..."]
    assert sorted(names, key=collation) == ["...", "ʻOkina", "Olu", "Ota", "Oz", "¿Oz"]


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text) or not text.isascii()


@pytest.mark.parametrize(("one", "other"), [("UN", "un"), ("cafe\u0301", "café"), ("ﬁle", "file"), ("STRASSE", "straße")])
def test_addresses_too_alike(one: str, other: str) -> None:
    assert collision_key(one) == collision_key(other)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("/About/", "/about/", "letter case"),
        ("/STRASSE/", "/straße/", "letter case"),
        ("/cafe\u0301/", "/café/", "Unicode form"),
        ("/ﬁle/", "/file/", "Unicode form"),
        ("/Cafe\u0301/", "/café/", "letter case and Unicode form"),
        ("/a/", "/a/", ""),
        ("/a/", "/b/", ""),
    ],
)
def test_how_texts_differ_that_look_alike(one: str, other: str, how: str) -> None:
    assert difference(one, other) == difference(other, one) == how


def test_near_misses() -> None:
    assert closest("topcis", ["topics", "actors"]) == "topics"
    assert closest("antonio-gutteres", ["antónio-guterres", "un"]) == "antónio-guterres"
    assert closest("xyz", ["topics"]) is None


def test_counting_and_listing() -> None:
    assert [plural(0, "note"), plural(1, "note"), plural(1204, "note"), plural(2, "copy", "copies")] == [
        "0 notes",
        "1 note",
        "1,204 notes",
        "2 copies",
    ]
    assert [listing([]), listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("path", "root"), [("", "./"), ("notes/", "../"), ("notes/x/", "../../"), ("notes/2017/12/", "../../../"), ("404.html", "./")]
)
def test_the_way_to_the_root(path: str, root: str) -> None:
    assert root_of(path) == root


@pytest.mark.parametrize(("path", "encoded"), [("a/b-c.d", "a/b-c.d"), ("é", "%C3%A9"), ("a b?c#d%e\"f'", "a%20b%3Fc%23d%25e%22f%27")])
def test_addresses_are_escaped(path: str, encoded: str) -> None:
    assert encode(path) == encoded


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:x", " \tjava\nscript:x", "vbscript:x", "data:text/html,x", "file:///etc"]
)
def test_what_runs_code_is_no_link(url: str) -> None:
    assert not is_safe(url)


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("https://example.org/a", True),
        ("http://localhost:8000/", True),
        ("https://", False),
        ("ftp://a", False),
        ("example.org", False),
        ("https://a b", False),
        ("https://a:99999/", False),
        ("https://[::1", False),
    ],
)
def test_web_addresses(url: str, web: bool) -> None:
    assert is_web(url) is web


@pytest.mark.parametrize(("url", "base"), [("https://a.org", "/"), ("https://a.org/repo", "/repo/"), ("https://a.org/a/b/", "/a/b/")])
def test_base_paths(url: str, base: str) -> None:
    assert base_path(url) == base
