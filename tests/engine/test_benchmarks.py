"""The benchmark measures what it says: one corpus for all, the same pages from all, and edits that show. No test looks at a clock."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command_line
from tests.benchmarks.corpus import ACTORS, TOPICS, Corpus, address
from tests.benchmarks.generators import GENERATORS, HERE, PEERS, Generator, find
from tests.benchmarks.measure import BuildFailedError, Measured, timed
from tests.benchmarks.rounds import MODES, Result, measure
from tests.benchmarks.sites import Site, text, write_sites
from tests.benchmarks.tables import markdown, ratios, terminal
from tests.kit.small_sites import run, tree

NOTES = 40
BY_KEY = {generator.key: generator for generator in GENERATORS}
DIGEST = "b0f7f92de83ad832"
"""Of the first notes of the seed "dispatches": whoever changes the corpus changes it, and can compare no more with older figures."""
ONLY_OURS = {
    ".briefings.json",
    "404.html",
    "feed.json",
    "notes/index.html",
    "notes/2019/index.html",
    "notes/2019/03/index.html",
    "sources/index.html",
}
"""What the minimal site has that those of the other generators have not."""
ALL_HAVE = {"feed.xml", "sitemap.xml"}
"""What each has besides pages, under some name."""


def site_of(key: str, folder: Path) -> Site:
    """The site of one generator, written from the corpus."""
    site = Site(BY_KEY[key], folder, NOTES)
    write_sites([site], Corpus("a seed"))
    return site


@pytest.fixture(scope="module")
def equal(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Our site on equal terms, built."""
    site = site_of("equal", tmp_path_factory.mktemp("benchmark") / "equal")
    assert run(site.folder).ok
    return site


def test_a_seed_gives_one_corpus() -> None:
    one, again, other = Corpus("a seed"), Corpus("a seed"), Corpus("another")
    # A note does not depend on those that were asked for before it.
    assert [one.note(number) for number in range(20)] == [again.note(number) for number in reversed(range(20))][::-1]
    assert one.note(7) != other.note(7)
    words = "".join(text(BY_KEY["equal"], Corpus("dispatches").note(number)) for number in range(50))
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == DIGEST


def test_the_corpus_has_the_form_that_it_claims() -> None:
    notes = [Corpus("a seed").note(number) for number in range(400)]
    sizes = [len(text(BY_KEY["equal"], note).encode()) for note in notes]
    assert 3600 < sum(sizes) / len(sizes) < 4100
    assert len(TOPICS) == 40
    assert len(ACTORS) == 300
    assert len({note.id for note in notes}) == len(notes)
    for mark, least, most in (
        ("\n## ", 1, 1),
        ("\n> ", 1, 1),
        ("[^1]: ", 0.25, 0.45),
        ("| ---", 0.05, 0.15),
        ("](note:", 1, 1),
        ("](https://", 0.9, 1),
    ):
        assert least <= sum(mark in note.body for note in notes) / len(notes) <= most, mark
    for named in (Counter(t for note in notes for t in note.topics), Counter(a for note in notes for a in note.actors)):
        counts = [count for _, count in named.most_common()]
        # By Zipf's law the first is named about nine times as often as the 25th, whatever is drawn.
        assert counts[0] > 4 * counts[24]


def test_all_generators_get_the_same_words() -> None:
    for number in range(20):
        note = Corpus("a seed").note(number)
        bodies = {
            re.sub(r"\]\((?:note:|/notes/|)([a-z0-9-]+)(?:/|\.md|)\)", r"](\1)", text(g, note).removeprefix(g.header(note)))
            for g in GENERATORS
            if g.key != "ledgers"
        }
        assert len(bodies) == 1
        for generator in GENERATORS:
            header = generator.header(note)
            shown = {note.title, note.summary, *note.topics, *note.actors}
            ids = {note.title, note.summary, *map(address, (*note.topics, *note.actors))}
            assert all(word in header for word in (ids if generator.program == "briefings" else shown)), generator.key


def test_our_site_on_equal_terms_has_the_pages_of_the_others_and_few_more(equal: Site) -> None:
    notes = [Corpus("a seed").note(number) for number in range(NOTES)]
    pages = {"index.html", "topics/index.html", "actors/index.html", "theme/plain.css"}
    pages |= {f"notes/{note.id}/index.html" for note in notes}
    pages |= {f"topics/{address(name)}/index.html" for note in notes for name in note.topics}
    pages |= {f"actors/{address(name)}/index.html" for note in notes for name in note.actors}
    assert tree(equal.output).keys() == pages | ONLY_OURS | ALL_HAVE


def test_a_page_on_equal_terms_shows_what_those_of_the_others_show(equal: Site) -> None:
    note = Corpus("a seed").note(NOTES // 2)
    assert equal.edited == note.id
    page = html.unescape(equal.page.read_text(encoding="utf-8"))
    for shown in (note.title, note.summary, *note.topics, *note.actors, "1 March 2019"):
        assert f">{shown}</" in page, shown
    for name in note.topics:
        assert f'href="../../topics/{address(name)}/"' in page
    newest = Corpus("a seed").note(NOTES - 1)
    for index in ("index.html", f"topics/{address(newest.topics[0])}/index.html", f"actors/{address(newest.actors[0])}/index.html"):
        listed = (equal.output / index).read_text(encoding="utf-8")
        assert f'notes/{newest.id}/">{newest.title}</a>' in listed
        assert '<time datetime="2019-03-02">' in listed
    home = (equal.output / "index.html").read_text(encoding="utf-8")
    assert home.count("<article>") == 30
    assert newest.summary in html.unescape(home)


@pytest.mark.parametrize("mode", ["edit", "title", "template"])
@pytest.mark.parametrize("generator", GENERATORS, ids=lambda generator: generator.key)
def test_an_edit_changes_one_place_and_can_be_undone(generator: Generator, mode: str, tmp_path: Path) -> None:
    site = site_of(generator.key, tmp_path / "site")
    before = tree(site.folder)
    _edits(site)[mode]("Mark1")
    _edits(site)[mode]("Mark2")
    after = tree(site.folder)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {generator.base if mode == "template" else f"{generator.notes}/{site.edited}.md"}
    name = changed.pop()
    then, now = before.get(name, generator.base_text.encode()).decode(), after[name].decode()
    assert now.replace(" Mark2" if mode == "template" else "Mark2 ", "") == then
    head, _, words = now.partition("\n\n")
    assert mode == "template" or ("Mark2" in words, "Mark2" in head) == (mode == "edit", mode == "title")
    site.restore()
    assert tree(site.folder) == before


def test_our_builds_show_the_edit_and_nothing_else(equal: Site) -> None:
    before = tree(equal.output)
    for mode, pages in (("edit", 1), ("title", None), ("template", sum(name.endswith(".html") for name in before))):
        _edits(equal)[mode](f"Mark{mode}")
        report = run(equal.folder)
        assert report.ok
        assert f"Mark{mode}" in equal.page.read_text(encoding="utf-8")
        changed = [name for name, data in tree(equal.output).items() if data != before[name] and name != ".briefings.json"]
        assert len(changed) == pages or (pages is None and 1 < len(changed) < 20)
        equal.restore()
        run(equal.folder)
        assert tree(equal.output) == before


def test_generators_are_looked_for_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv(PEERS, raising=False)
    assert find(BY_KEY["hugo"]) is None
    for folder in ("path", "peers"):
        program = tmp_path / folder / "hugo"
        program.parent.mkdir()
        program.touch(mode=0o755)
        monkeypatch.setenv(PEERS, str(tmp_path / "peers"))
        assert find(BY_KEY["hugo"]) == program
    assert find(BY_KEY["default"]) is not None


def test_rounds_take_turns_and_a_change_that_does_not_show_is_an_error(tmp_path: Path) -> None:
    """With programs that copy a note to its page, and write down that they ran."""
    log = tmp_path / "log"
    sites = []
    for name, copies in (("one", True), ("two", True), ("idle", False)):
        program = tmp_path / f"{name}.sh"
        copy = "mkdir -p _site/notes/$1 && cp content/notes/$1.md _site/notes/$1/index.html"
        program.write_text(f"#!/bin/sh\necho {name} >> {log}\n{copy if copies else f'test -d _site || {{ {copy}; }}'}\n")
        program.chmod(0o755)
        site = Site(replace(BY_KEY["equal"], key=name), tmp_path / name, NOTES)
        write_sites([site], Corpus("a seed"))
        site.generator = replace(site.generator, arguments=(site.edited,))
        sites.append((site, program))
    result = measure("edit", sites[:2], 2)
    assert log.read_text().split() == ["one", "two", "one", "two", "two", "one"]
    assert result.files == {"one": 1, "two": 1}
    assert all(run.wall > 0 and run.peak > 0 for runs in result.runs.values() for run in runs)
    assert not any(b"Revision" in data for name, data in tree(tmp_path).items() if "content" in name)
    with pytest.raises(BuildFailedError, match="does not show"):
        measure("title", sites[2:], 1)


def test_a_build_that_fails_is_an_error_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(BuildFailedError, match=r"ended with 3 in .*\nout of paper"):
        timed(["/bin/sh", "-c", "echo out of paper; exit 3"], tmp_path)


def test_tables_have_medians_and_the_ratios_of_each_round() -> None:
    ours = tuple(Measured(wall, 2 * wall, 50) for wall in (1.0, 3.0, 2.0))
    hugo = tuple(Measured(wall, wall, 100) for wall in (2.0, 2.0, 8.0))
    result = Result("cold", 1000, {"equal": ours, "hugo": hugo}, {"equal": 1400, "hugo": 1399})
    assert ratios(result, "equal") == (0.25, 0.5, 1.5)
    assert terminal(result).splitlines() == [
        "Nothing built before, 1,000 notes (median of 3 rounds)",
        "                                  wall       CPU      peak    files   times Hugo (range)",
        "  briefings, equal terms       2.000 s   4.000 s    50 MiB    1,400   0.500 (0.250 to 1.500), in CPU 1.000",
        "  Hugo                         2.000 s   2.000 s   100 MiB    1,399",
    ]
    assert markdown([result]).replace("\N{NO-BREAK SPACE}", "_") == (
        "| 1,000 notes | Equal terms | Hugo |\n"
        "| --- | ---: | ---: |\n"
        "| Nothing built before | 2.00_s | 2.00_s |\n"
        "| Memory, nothing built before | 50_MiB | 100_MiB |\n"
        "\n"
        "| 1,000 notes, times Hugo | Equal terms | Hugo |\n"
        "| --- | ---: | ---: |\n"
        "| Nothing built before | 0.5 | 1 |\n"
        "| Memory, nothing built before | 0.5 | 1 |\n"
    )
    alone = Result("edit", 1000, {"equal": ours}, {"equal": 1400})
    assert ratios(alone, "equal") is None
    assert "Hugo" not in terminal(alone) + markdown([alone])


def test_the_command_line_measures_and_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--notes", "3", "--rounds", "1", "--modes", "edit", "--generators", "equal", "--markdown"]
    assert command_line.main(words, tmp_path / "work") == 0
    said = capsys.readouterr().out
    assert "One text edited, 3 notes (one round)\n" in said
    assert "| 3 notes | Equal terms |\n" in said
    assert said.splitlines()[-1].startswith("| One text edited | ")
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [(["--modes", "warm"], "there is no 'warm'"), (["--notes", "1,x"], "'x' is no number"), (["--rounds", "0"], "'0'")],
)
def test_a_wrong_word_on_the_command_line_is_told(words: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(words)
    assert problem in capsys.readouterr().err


def test_the_help_names_all_that_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["--help"])
    said = capsys.readouterr().out
    assert all(word in said for word in (*MODES, *MODES.values(), *BY_KEY, PEERS))


def test_the_equal_theme_is_laid_over_a_site_as_it_stands() -> None:
    assert {path.name for path in (HERE / "equal").iterdir()} == {"content", "themes"}


def _edits(site: Site) -> dict[str, Callable[[str], None]]:
    return {"edit": site.change_body, "title": site.change_title, "template": site.change_template}
