"""Search: the terms of texts, and that the published files find what stands on the site, and nothing else."""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.core.config import Marking
from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from briefings.pages.search.page import ACTORS_SHOWN, TOPICS_SHOWN
from briefings.pages.search.terms import BUCKETS, bucket, fold, terms
from tests.kit.search_files import SearchFiles, part
from tests.kit.small_sites import DATA, NOW, codes, note, run, small_site, tree, write

TABLE = json.loads((DATA / "search_terms.json").read_text(encoding="utf-8"))
"""Texts with their terms, and terms with their buckets, which hold for the script of the theme, too."""
SITE = "content/site.yaml"
DESK = "title: Desk\nurl: https://desk.example.org/briefings/\n"
THEME = {"themes/desk/theme.yaml": "extends: wire\n"}


def searched(site: Path) -> SearchFiles:
    return SearchFiles(tree(site / "_site"))


# ── Terms ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("text", "expected"), TABLE["terms"])
def test_a_text_has_these_terms(text: str, expected: list[str]) -> None:
    assert list(terms(text)) == expected


@pytest.mark.parametrize(("term", "expected"), TABLE["buckets"])
def test_a_term_has_this_bucket(term: str, expected: int) -> None:
    assert bucket(term) == expected


@given(st.text())
def test_terms_of_any_text_are_what_a_reader_may_type(text: str) -> None:
    for term in terms(text):
        assert 1 <= len(term) <= 64
        assert not re.search(r"[\s!_<]", term)
        assert 0 <= bucket(term) < BUCKETS
        assert list(terms(term))[:1] == [term], "a term finds itself"
        for length in range(2, len(term)):
            assert bucket(term[:length]) == bucket(term), "what begins with the same two letters lies in the same file"


@given(st.text())
def test_what_was_folded_stays_as_it_is(text: str) -> None:
    assert list(terms(fold(text))) == list(terms(text))


# ── What is found ────────────────────────────────────────────────────────────

WORDS = tuple(
    "ballistic missile Straße café Ünal İzmir naïve talks 2017 sanctions Ｆｕｌｌ wage wager wages 朝鲜半岛 核问题 北京 한국 ประเทศไทย x2 "  # noqa: SIM905
    "Łódź север ΟΔΟΣ the of a in O’Neill l’ONU e-mail 10,000".split(" ")
)
"""What the texts of a generated site consist of."""


class Written:
    """A site of 150 notes with random words, each of which may be marked, and what stands in each."""

    def __init__(self) -> None:
        chance = random.Random(7)  # noqa: S311 - no secret depends on it
        self.files: dict[str, str] = {}
        self.texts: dict[str, tuple[Marking, str]] = {}
        for number in range(150):
            title, summary, body = (" ".join(chance.choices(WORDS, k=count)) for count in (2, 3, 25))
            title, body = f"{title} {number}", f"{body} rare{number % 40}"
            date = chance.choice(("2015-03-01", "2016", "2016-05", "2016-05-07", "2017-11-30", "2017-12", "2017-12-24"))
            marking: Marking = chance.choice(("TLP:CLEAR", "TLP:CLEAR", "TLP:GREEN"))
            text = note(json.dumps(title), date, f"{body}\n", summary=json.dumps(summary), marking=marking)
            self.files[f"content/notes/n{number}.md"] = text
            self.texts[f"notes/n{number}/"] = marking, f"{title} {summary} {body}"

    def naive(self, query: str, allowed: frozenset[Marking]) -> set[str]:
        """What has all words of `query`, and of the last one the beginning, found by looking at every word of every text."""
        *whole, last = terms(query)
        found = set()
        for address, (marking, text) in self.texts.items():
            held = set(terms(text))
            if marking in allowed and held.issuperset(whole) and any(one.startswith(last) for one in held):
                found.add(address)
        return found

    def queries(self) -> list[str]:
        """A hundred queries of one to three words that stand in the texts, the last of which may be its beginning alone."""
        chance = random.Random(11)  # noqa: S311 - no secret depends on it
        made = []
        for _ in range(100):
            _, text = self.texts[f"notes/n{chance.randrange(150)}/"]
            words = chance.sample([word for word in text.split() if list(terms(word))], chance.choice((1, 2, 2, 3)))
            ending = words[-1][:2] if chance.random() < 0.3 and words[-1].isascii() and words[-1][:2].isalpha() else words[-1]
            made.append(" ".join([*words[:-1], ending]))
        return made


@pytest.mark.parametrize(("audience", "allowed"), [("TLP:CLEAR", {"TLP:CLEAR"}), ("TLP:GREEN", {"TLP:CLEAR", "TLP:GREEN"})])
def test_a_hundred_queries_find_what_a_naive_search_finds(audience: Marking, allowed: set[Marking], tmp_path: Path) -> None:
    written = Written()
    site = write(small_site(tmp_path, {SITE: f"{DESK}theme: desk\n", **THEME}), written.files)
    assert build(BuildRequest(site.resolve(), site / "_site", NOW, audience=audience)).ok
    files = searched(site)
    assert set(files.segments) == {"2015", "2016", "2017-11", "2017-12"}
    for query in written.queries():
        found = [address for address in files.found(query) if address in written.texts]
        assert set(found) == written.naive(query, frozenset(allowed)), query
        assert len(found) == len(set(found)), query
    assert written.naive("ballistic", frozenset(allowed))


def test_texts_without_a_date_and_entries_are_found(tmp_path: Path) -> None:
    entries = {
        "events": "[{id: e1, title: A summit, date: 2017-12-20}]",
        "quotations": "[{text: Peace is <near>, speaker: un}]",
        "figures": "[{measure: launches, value: 20, as_of: 2017-12-15, period: 2017}]",
        "marking": "TLP:GREEN",
    }
    files = {
        "content/notes/n.md": note(**entries, topics="[mediation]"),
        "content/topics/mediation.yaml": "name: Mediation\nmeasures: [{id: launches, name: Launches}]\nbody: Zebras.\n",
        "content/pages/about.md": "---\ntitle: About us\nsummary: Who we are.\n---\n\nGiraffes and zebras.\n",
    }
    site = small_site(tmp_path, files)
    assert build(BuildRequest(site.resolve(), site / "_site", NOW, audience="TLP:GREEN")).ok
    found = searched(site)
    assert found.found("zebras") == ["about/", "topics/mediation/"]
    assert found.found("who we are") == ["about/"]
    entry = {kind: rest for kind, *rest in found.parts["2017-12/entries"]["entries"]}
    number = found.parts["2017-12/cards"]["ids"].index("n")
    assert entry["e"] == [number, "A summit", "notes/n/", "2017-12-20", "", 1]
    assert entry["f"] == [number, "Launches: 20 (2017)", "figures/launches/", "2017-12-15", "", 1]
    assert entry["q"][1] == "Peace is <near>"
    address, anchor = entry["q"][2].split("#")
    assert f'id="{anchor}"' in (site / "_site" / address / "index.html").read_text(encoding="utf-8")
    assert "TLP:GREEN" in (site / "_site/search/index.html").read_text(encoding="utf-8"), "the page has the mark of what it finds"


def test_the_files_are_one_line_that_no_title_breaks_out_of(tmp_path: Path) -> None:
    title = "</script><b>\u2028\u2029 & end"
    site = small_site(tmp_path, {"content/notes/n.md": note(json.dumps(title), body="<!-- x --> &lt;b&gt;.\n", summary=json.dumps(title))})
    assert run(site).ok
    for path, data in tree(site / "_site/search").items():
        if path.endswith(".js"):
            assert not re.search("[<\u2028\u2029]", data.decode()), path
    assert part((site / "_site/search/2017-12/cards.js").read_bytes())[1]["titles"][0] == title


# ── What is written ──────────────────────────────────────────────────────────

MANY = {f"content/notes/n{n:02}.md": note(f"Note {n}", "2016-03-04", f"Words {'apple ' * (n % 4)}number{n}.\n") for n in range(70)}
"""Notes of a year whose words are spread over several files."""


def many(folder: Path) -> Path:
    site = small_site(folder, {SITE: f"{DESK}theme: desk\n", **THEME, **MANY})
    assert run(site).ok
    return site


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} - {".briefings"}


def test_an_edit_writes_only_the_files_whose_words_have_changed(tmp_path: Path) -> None:
    site = many(tmp_path)
    before = tree(site / "_site")
    write(site, {"content/notes/n07.md": note("Note 7", "2016-03-04", f"Words {'apple ' * 3}number7 zebra.\n")})
    report = run(site)
    after = tree(site / "_site")
    pages = {"notes/n07/index.html", "notes/n07/index.json"}
    shard = f"search/2016/words-{bucket('zebra') % 4}.js"
    assert changed(before, after) == {*pages, shard}
    assert report.written == 3, "a file that is made again as it was is not written"
    assert searched(site).found("zebra") == ["notes/n07/"]
    assert codes(run(site, verify=True)) == []


def test_an_edit_heals_a_file_of_words_that_it_does_not_touch(tmp_path: Path) -> None:
    site = many(tmp_path / "site")
    gone, changed_by_hand = (site / "_site/search/2016" / f"words-{n}.js" for n in sorted({*range(4)} - {bucket("zebra") % 4})[:2])
    gone.unlink()
    changed_by_hand.write_bytes(b"Nothing.")
    edited = {"content/notes/n07.md": note("Note 7", "2016-03-04", f"Words {'apple ' * 3}number7 zebra.\n")}
    write(site, edited)
    assert run(site).ok
    clean = small_site(tmp_path / "clean", {SITE: f"{DESK}theme: desk\n", **THEME, **MANY, **edited})
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")


def test_a_title_changes_cards_and_no_words(tmp_path: Path) -> None:
    site = many(tmp_path)
    before = tree(site / "_site")
    write(site, {"content/notes/n07.md": note("Another title", "2016-03-04", f"Words {'apple ' * 3}number7.\n")})
    assert run(site).ok
    found = {path for path in changed(before, tree(site / "_site")) if path.startswith("search/")}
    assert found == {"search/2016/cards.js"}


def test_a_new_newest_note_renumbers_nothing(tmp_path: Path) -> None:
    site = many(tmp_path)
    before = searched(site)
    write(site, {"content/notes/new.md": note("New", "2017-12-31", "Fresh.\n"), "content/notes/n99.md": note("Last", "2016-12-31")})
    assert run(site).ok
    after = searched(site)
    for segment in ("2016", "2017-12"):
        ids = before.parts[f"{segment}/cards"]["ids"]
        assert after.parts[f"{segment}/cards"]["ids"] == [*ids, "new" if segment == "2017-12" else "n99"]
    assert after.found("fresh") == ["notes/new/"]
    # The first note of another year makes a year of the months before.
    write(site, {"content/notes/newer.md": note("Newer", "2018-01-01", "Fresh.\n")})
    assert run(site).ok
    assert list(searched(site).segments) == ["2018-01", "2017", "2016"]
    assert codes(run(site, verify=True)) == []


@pytest.mark.parametrize("what", ["terms lost", "terms damaged", "all texts lost", "views lost"])
def test_what_the_cache_has_lost_is_made_again(what: str, tmp_path: Path) -> None:
    site = many(tmp_path / "site")
    change = {
        "terms lost": "DELETE FROM entry WHERE kind = 'terms'",
        "terms damaged": "UPDATE entry SET data = zeroblob(length(data)) WHERE kind = 'terms'",
        "all texts lost": "DELETE FROM entry WHERE kind IN ('terms', 'texts')",
        "views lost": "DELETE FROM entry WHERE kind = 'page' AND key LIKE 'search/%'",
    }
    edited = {"content/notes/n07.md": note("Note 7", "2016-03-04", "Zebra.\n")}
    with contextlib.closing(sqlite3.connect(site / ".briefings/cache.sqlite")) as connection:
        assert connection.execute(change[what]).rowcount > 0
        connection.commit()
    write(site, edited)
    assert run(site).ok
    clean = small_site(tmp_path / "clean", {SITE: f"{DESK}theme: desk\n", **THEME, **MANY, **edited})
    assert run(clean).ok
    assert tree(site / "_site") == tree(clean / "_site")


# ── Whether there is search ──────────────────────────────────────────────────


def test_without_scripts_the_page_is_lists_alone(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}scripts: none\n"})
    assert run(site).ok
    assert {path for path in tree(site / "_site") if path.startswith("search/")} == {"search/index.html", "search/index.json"}
    page = (site / "_site/search/index.html").read_text(encoding="utf-8")
    assert "<form" not in page
    for address in ("topics/mediation/", "actors/guterres/", "notes/2017/"):
        assert f'href="../{address}"' in page


def test_a_theme_without_the_page_has_no_search(tmp_path: Path) -> None:
    site = small_site(tmp_path, {SITE: f"{DESK}theme: plain\n"})
    shutil.copytree(DATA / "sites/plain", site / "themes/plain")
    (site / "themes/plain/templates/search.html").unlink()
    assert codes(run(site)) == []
    assert not [path for path in tree(site / "_site") if path.startswith("search/")]


def test_a_page_of_the_site_may_have_the_address_when_search_is_left_out(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/pages/search.md": "---\ntitle: Search\n---\n\nOur own.\n"})
    report = run(site)
    assert codes(report) == ["address-collision"]
    assert "outputs: {search: false}" in report.diagnostics[0].remedy
    write(site, {SITE: f"{DESK}outputs: {{search: false}}\n"})
    assert codes(run(site)) == []
    assert {path for path in tree(site / "_site") if path.startswith("search/")} == {"search/index.html", "search/index.json"}
    assert "Our own." in (site / "_site/search/index.html").read_text(encoding="utf-8")


def test_the_front_page_of_search_stays_short(tmp_path: Path) -> None:
    actors = "".join(f"  actor-{n}: {{name: Somebody with a long Name {n}, type: person}}\n" for n in range(ACTORS_SHOWN))
    topics = "".join(f"  topic-{n}: {{name: A subject with quite a long name {n}}}\n" for n in range(TOPICS_SHOWN + 1))
    site = small_site(tmp_path, {SITE: f"{DESK}outputs: {{feeds: none, documents: false, calendars: none}}\n"})
    write(site, {"content/actors/many.yaml": f"records:\n{actors}", "content/topics/many.yaml": f"records:\n{topics}"})
    assert run(site).ok
    page = (site / "_site/search/index.html").read_text(encoding="utf-8")
    assert len(page) < 100_000
    assert 'href="../topics/"' in page, "not all topics stand here"
    assert 'href="../actors/"' in page, "so many actors are led to by their letters"
