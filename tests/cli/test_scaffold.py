"""`briefings new`: what it writes is valid, in its place, and never over anything that is there."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.cli import record_files
from briefings.cli.inventory import take_inventory
from briefings.cli.main import run
from briefings.cli.scaffold import starter, write_site
from briefings.content.headers import NoteHeader
from briefings.content.parse import parse, parse_config
from briefings.content.records import Record
from briefings.content.schema.dates import Moment
from briefings.content.yaml.loader import load
from briefings.core.config import SiteConfig
from briefings.core.text import is_id
from tests.kit.small_sites import run as build_site
from tests.kit.small_sites import small_site, write

DAY = dt.date(2017, 12, 15)
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small site, which is the current folder."""
    monkeypatch.chdir(small_site(tmp_path))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1513339200")  # 15 December 2017, noon
    return tmp_path


def made(arguments: list[str], capsys: Captured) -> str:
    """Run `briefings new …`, and return the path that it printed."""
    code = run(["new", *arguments])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return out.removesuffix("\n")


def refused(arguments: list[str], capsys: Captured) -> str:
    """Run `briefings new …`, which must be refused and write nothing, and return the message."""
    before = sorted(Path.cwd().rglob("*"))
    code = run(["new", *arguments])
    out, err = capsys.readouterr()
    assert (code, out, sorted(Path.cwd().rglob("*"))) == (2, "", before)
    return err


# ── Sites ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("title", ["Korea Desk", 'The "new" desk: 2017 # 1', "null", "Büro für Außenpolitik 🌍", "{{ 7 * 7 }} $day0"])
def test_new_site_builds_without_a_warning(title: str, tmp_path: Path) -> None:
    write_site(tmp_path, starter(title, DAY))
    report = build_site(tmp_path)
    # What looks like the markup of a template is told, and is the title all the same.
    assert [d.code for d in report.diagnostics] == ["markup-as-text"] * ("{{" in title)
    assert (report.ok, report.counts.notes, report.counts.topics, report.counts.actors, report.counts.sources) == (True, 3, 2, 3, 2)
    config, _ = parse_config("content/site.yaml", (tmp_path / "content/site.yaml").read_bytes())
    assert config is not None
    assert config.title == title


def test_a_new_site_says_how_to_look_at_it() -> None:
    assert "    briefings serve --open\n" in starter("Desk", DAY)["README.md"]


def test_schemas_are_found_from_every_file_that_names_one(tmp_path: Path) -> None:
    write_site(tmp_path, starter("Desk", DAY))
    wired = list((tmp_path / "content").rglob("*.yaml"))
    assert len(wired) == 8
    for file in wired:
        found = re.match(r"# yaml-language-server: \$schema=(\S+)\n", file.read_text(encoding="utf-8"))
        assert found is not None
        assert "$schema" in json.loads((file.parent / found.group(1)).read_text(encoding="utf-8"))
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text(encoding="utf-8"))
    assert all((tmp_path / schema).is_file() for schema in settings["yaml.schemas"])


def test_starter_depends_on_its_arguments_only() -> None:
    assert starter("Desk", DAY) == starter("Desk", DAY)
    assert "content/notes/2017/01-01-situation-in-the-channel.md" in starter("Desk", dt.date(2017, 1, 1))
    assert "content/notes/2016/12-31-what-the-closure-changes.md" in starter("Desk", dt.date(2017, 1, 1))


def test_new_site_says_what_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "site", "my desk", "--now", "2017-12-15"]) == 0
    out = capsys.readouterr().out
    assert "cd 'my desk'\n  briefings serve --open\n" in out
    assert (tmp_path / "my desk/content/site.yaml").read_text(encoding="utf-8").splitlines()[1] == "title: My desk"
    assert (tmp_path / "my desk/.gitignore").read_text(encoding="utf-8") == "/_site/\n/.briefings/\n"


def test_new_site_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "site", ".", "--title", "Desk"]) == 0
    assert "cd " not in capsys.readouterr().out
    assert run(["build"]) == 0


def test_new_site_overwrites_nothing(site: Path, capsys: Captured) -> None:
    assert "not empty" in refused(["site", "."], capsys)
    assert "is a file" in refused(["site", "content/site.yaml"], capsys)
    assert "--title" in refused(["site", "x", "--title", " "], capsys)
    assert "--now" in refused(["site", "x", "--now", "today"], capsys)
    assert "DIR" in refused(["site"], capsys)
    with pytest.raises(FileExistsError):
        write_site(site, {"content/site.yaml": ""})


# ── Notes ────────────────────────────────────────────────────────────────────


def header(site: Path, path: str) -> NoteHeader:
    """The header of the note at `path`, which must be without fault."""
    config, _ = parse_config("content/site.yaml", (site / "content/site.yaml").read_bytes())
    assert config is not None
    parsed = parse(path, (site / path).read_bytes(), config)
    assert parsed.diagnostics == ()
    (record,) = parsed.records
    assert isinstance(record, Record)
    assert isinstance(record.header, NoteHeader)
    return record.header


def test_new_note(site: Path, capsys: Captured) -> None:
    arguments = ["--kind", "wire", "--topic", "mediation", "--actor", "un", "--actor", "guterres:speaker", "--summary", "A: b"]
    path = made(["note", "UN's offer: “yes”", *arguments], capsys)
    assert path == "content/notes/2017/12-15-uns-offer-yes.md"
    found = header(site, path)
    assert (found.title, found.date, found.kind, found.summary) == ("UN's offer: “yes”", Moment("2017-12-15"), "wire", "A: b")
    assert found.topics == ("mediation",)
    assert [getattr(a, "role", a) for a in found.actors] == ["un", "speaker"]
    report = build_site(site)
    assert (report.ok, report.counts.notes, report.diagnostics) == (True, 2, ())


def test_new_note_has_the_headings_of_its_kind(site: Path, capsys: Captured) -> None:
    kinds = "title: Desk\nkinds:\n  sitrep: {name: Sitrep, headings: [Situation, Outlook]}\n  other: {name: Other}\nurl: https://desk.example.org/\n"
    write(site, {"content/site.yaml": kinds})
    (site / "content/notes/2017-12-15-un-offer.md").unlink()
    path = made(["note", "Week 50"], capsys)  # the desk has no briefs: its first kind is the default
    assert (site / path).read_text(encoding="utf-8").endswith("---\n\n## Situation\n\n## Outlook\n")
    assert build_site(site).diagnostics == ()


def test_new_note_on_another_day(site: Path, capsys: Captured) -> None:
    path = made(["note", "Later", "--date", "2018-01-01T03:00:00+09:00", "--draft"], capsys)
    assert path == "content/notes/2017/12-31-later.md"
    assert header(site, path).draft
    assert build_site(site).counts.notes == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Saint-Étienne’s Łódź", "saint-etiennes-lodz"),
        ("Переговоры о мире", "переговоры-о-мире"),
        ("김정은", "김정은"),
        ("12-24 and all", "12-24-and-all"),
        ("2017-12 in review", "2017-12-in-review"),
        ("a" * 200, "a" * 80),
        ("word " * 40, "word-" * 15 + "word"),
    ],
)
def test_ids_are_made_from_titles(title: str, name: str, site: Path, capsys: Captured) -> None:
    path = made(["note", title], capsys)
    assert path == f"content/notes/2017/12-15-{name}.md"
    assert take_inventory(site).note[name] == path


def test_an_id_made_from_a_long_title_is_one_whatever_its_script(site: Path, capsys: Captured) -> None:
    for title in ("한국" * 60, "北京 会谈 " * 30):
        path = made(["topic", title], capsys)
        assert is_id(Path(path).stem)
        assert not Path(path).stem.endswith("-")


def test_id_may_be_chosen(site: Path, capsys: Captured) -> None:
    assert made(["note", "😀", "--id", "smile"], capsys) == "content/notes/2017/12-15-smile.md"
    assert "--id" in refused(["note", "😀"], capsys)
    assert "cannot be an id" in refused(["note", "A", "--id", "a/b"], capsys)
    assert "cannot be an id" in refused(["note", "A", "--id", "A"], capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["UN offer"], "content/notes/2017-12-15-un-offer.md"),
        (["A", "--topic", "medation"], 'did you mean "mediation"?'),
        (["A", "--topic", "zzz"], 'briefings new topic "Zzz"'),
        (["A", "--actor", "zzz:speaker"], 'briefings new actor "Zzz" --type'),
        (["A", "--kind", "wrie"], 'did you mean "wire"?'),
        (["A", "--kind", "zzz"], "the kinds are wire, brief"),
        (["A", "--date", "2017-02-30"], "--date"),
        (["A", "--date", "2017-12-15T10:00"], "offset"),
        (["a\nb"], "one line"),
        (["  "], "must not be empty"),
        ([], "TITLE"),
    ],
)
def test_new_note_is_refused(arguments: list[str], message: str, site: Path, capsys: Captured) -> None:
    assert message in refused(["note", *arguments], capsys)


def test_undeclared_topics_may_be_used_where_the_site_allows_it(site: Path, capsys: Captured) -> None:
    write(site, {"content/site.yaml": "title: Desk\nundeclared: allow\n"})
    assert header(site, made(["note", "A", "--topic", "new-topic"], capsys)).topics == ("new-topic",)
    made(["topic", "B", "--broader", "other"], capsys)
    assert build_site(site).ok


def test_commands_need_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (["note", "A"], ["topic", "A"], ["source", "A"], ["actor", "A", "--type", "state"]):
        assert "briefings new site DIR" in refused(arguments, capsys)


def test_a_site_with_errors_gets_no_notes(site: Path, capsys: Captured) -> None:
    write(site, {"content/site.yaml": "tilte: Desk\n"})
    assert "briefings build" in refused(["note", "A"], capsys)


# ── Actors, topics, sources ──────────────────────────────────────────────────


def test_new_records(site: Path, capsys: Captured) -> None:
    assert made(["actor", "Kang Kyung-wha", "--type", "person"], capsys) == "content/actors/kang-kyung-wha.yaml"
    assert made(["actor", "NO", "--type", "state"], capsys) == "content/actors/no.yaml"
    assert made(["topic", "2009: the year", "--broader", "mediation"], capsys) == "content/topics/2009-the-year.yaml"
    assert made(["topic", "Plain"], capsys) == "content/topics/plain.yaml"
    source = ["source", "Yonhap, Seoul", "--type", "news agency", "--url", "https://en.yna.co.kr/"]
    assert made(source, capsys) == "content/sources/yonhap-seoul.yaml"
    assert made(["source", "Untyped", "--site", str(site)], capsys) == "content/sources/untyped.yaml"
    report = build_site(site)
    assert (report.ok, report.counts.topics, report.counts.actors, report.counts.sources, report.diagnostics) == (True, 3, 5, 3, ())


def test_new_records_are_wired_where_the_site_has_schemas(site: Path, capsys: Captured) -> None:
    write(site, {".schemas/actor.json": "{}"})
    text = (site / made(["actor", "A", "--type", "state"], capsys)).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../.schemas/actor.json\nname: A\n")
    assert (site / made(["topic", "A"], capsys)).read_text(encoding="utf-8").startswith("name: A\n")


@pytest.mark.parametrize(
    "name", ["Antonio Guterres", "GUTERRES, António", "guterres antonio", "The  Secretary-General", "Antónío Guterres"]
)
def test_a_name_that_another_bears_is_refused_with_its_file(name: str, site: Path, capsys: Captured) -> None:
    guterres = "name: António Guterres\ntype: person\nsort_name: Guterres, António\nalso_known_as: [Secretary-General]\n"
    write(site, {"content/actors/guterres.yaml": guterres})
    told = refused(["actor", name, "--type", "person"], capsys)
    assert 'the actor "guterres" has this name already: content/actors/guterres.yaml' in told
    assert "--id" in told
    assert made(["actor", name, "--type", "person", "--id", "another"], capsys) == "content/actors/another.yaml"


def test_names_in_files_of_many_and_in_markdown_are_known(site: Path, capsys: Captured) -> None:
    states = "records:\n  fr: {name: France, type: state, also_known_as: [French Republic]}\n  de: {name: Germany, type: state}\n"
    write(site, {"content/actors/states.yaml": states, "content/topics/arms.md": "---\nname: Arms control\n---\n\nText.\n"})
    assert 'the actor "fr" has this name already: content/actors/states.yaml' in refused(
        ["actor", "French Republic", "--type", "state"], capsys
    )
    assert 'the topic "arms" has this name already: content/topics/arms.md' in refused(["topic", "Arms Control"], capsys)
    write(site, {"content/actors/broken.yaml": "name: [\n", "content/actors/latin.yaml": b"name: Caf\xe9\n"})
    assert made(["actor", "Italy", "--type", "state"], capsys) == "content/actors/italy.yaml"


def test_new_records_are_refused(site: Path, capsys: Captured) -> None:
    write(site, {"content/actors/states.yaml": "records:\n  fr: {name: France, type: state}\n"})
    assert "content/actors/states.yaml" in refused(["actor", "FR", "--type", "state"], capsys)
    assert "content/topics/mediation.yaml" in refused(["topic", "Mediation"], capsys)
    assert "did you mean" in refused(["topic", "A", "--broader", "medation"], capsys)
    assert "--url" in refused(["source", "A", "--url", "example.org"], capsys)
    assert "--type" in refused(["actor", "A"], capsys)
    assert "--id con-actor" in refused(["actor", "Con", "--type", "organization"], capsys)
    assert "--type" in refused(["source", "A", "--type", "a\nb"], capsys)


def test_what_is_no_file_is_in_the_way_too(site: Path, capsys: Captured) -> None:
    write(site, {"content/topics/peace.yaml/readme.txt": "A folder.\n"})
    assert "content/topics/peace.yaml exists" in refused(["topic", "Peace"], capsys)


# ── Parts ────────────────────────────────────────────────────────────────────


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Cf"]), min_size=1))
def test_any_title_survives_yaml(text: str) -> None:
    text = text.strip() or "x"
    scalar = record_files.scalar(text)
    tree, problems = load(f"title: {scalar}\nlist:\n  - {scalar}\n", path="a.yaml")
    assert (problems, tree) == ((), {"title": text, "list": [text]})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/notes/a.md", record_files.note(record_files.NewNote("A", "2017-12-15", "wire"))),
        ("content/actors/a.yaml", record_files.actor("A", "person")),
        ("content/topics/a.yaml", record_files.topic("A", ())),
        ("content/sources/a.yaml", record_files.source("A", "", "")),
    ],
)
def test_hints_can_be_taken_as_they_stand(path: str, text: str) -> None:
    taken = re.sub(r"^# (?! )", "", re.sub(r"^#(?=   )", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    parsed = parse(path, taken.replace("https://…", "https://example.org/").encode(), SiteConfig(title="Desk"))
    assert parsed.diagnostics == ()
    hinted = re.findall(r"^# (\w+):", text, re.MULTILINE)
    assert hinted
    assert all(getattr(parsed.records[0].header, key) for key in hinted)


@pytest.mark.parametrize("word", ["yes", "NO", "null", "2009", "1e3", "~", "- a", "a: b", "a #b", "'a'", "[a]", "@a", "a, b"])
def test_words_that_yaml_reads_otherwise_are_quoted(word: str) -> None:
    assert record_files.scalar(word) == json.dumps(word)


def test_modeline_is_for_yaml_of_the_content() -> None:
    assert record_files.modeline("content/site.yaml") == "# yaml-language-server: $schema=../.schemas/site.json\n"
    assert record_files.modeline("content/actors/deep/a.yaml").endswith("=../../../.schemas/actor.json\n")
    assert record_files.modeline("themes/x/theme.yaml") == ""


def test_inventory_bears_files_with_errors(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "content/notes/12-15-a.md": "---\nid: named\ntitle: x\n---\n",
        "content/notes/12-15-b.md": "no header, but an id",
        "content/notes/12-15-c.md": b"\xff id",
        "content/notes/12-15-d.md": "---\nid: [\n---\n",
        "content/notes/e.yaml": "id: other\ntitle: x\n",
        "content/notes/chart.png": "",
        "content/topics/many.yaml": "records:\n  one: {name: One}\n  two: {name: Two}\n",
    }
    write(tmp_path, files)
    (tmp_path / "content/notes/gone.md").symlink_to("nowhere")
    inventory = take_inventory(tmp_path)
    assert sorted(inventory.note) == ["b", "c", "d", "gone", "named", "other"]
    assert inventory.topic == {"one": "content/topics/many.yaml", "two": "content/topics/many.yaml"}
