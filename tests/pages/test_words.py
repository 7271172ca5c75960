"""All words that readers see go through catalogues: none is left out of them, and a site with a catalogue speaks its language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import nodes

from briefings.core.language import ENGLISH, Language
from briefings.rendering.catalogues import read_language
from briefings.rendering.render import environment
from briefings.rendering.theme import Theme
from tests.kit.greek_site import greek_site, latin_words, translated
from tests.kit.small_sites import REPOSITORY, codes, note, run, small_site, tree, write
from tests.kit.words import templates_of_catalogues, words_of_program, words_of_theme

THEMES = REPOSITORY / "themes"
TEMPLATES = sorted(THEMES.glob("*/templates/**/*.html"))
BARE = frozenset({"Atom", "JSON", "iCalendar", "BibTeX", "CSL"})
"""Names of formats, which stand in templates as they are."""
WORDS = re.compile(r"[A-Za-z]{2,}")
SEEN = re.compile(r'\b(?:aria-label|title|alt)="([^"]*)"')
GERMAN = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Main"
msgstr "Haupt\\"navigation"

msgid "Topics"
msgstr "Themen"

msgid "%(num)s topic"
msgid_plural "%(num)s topics"
msgstr[0] "%(num)s Thema"
msgstr[1] "%(num)s Themen"

msgid "since %(day)s"
msgstr "seit %(day)s"

msgctxt "box"
msgid "Tip"
msgstr "Rat \\"<b>\\""

msgid "%(label)s: %(title)s"
msgstr "%(label)s – %(title)s"
"""
CATALOGUE = "themes/folio/locale/de/LC_MESSAGES/messages.po"
SETTINGS = "title: Desk\nurl: https://desk.example.org/briefings/\nlanguage: de-AT\n"


def test_what_translators_begin_with_has_every_message() -> None:
    for path, text in templates_of_catalogues().items():
        assert path.read_bytes() == text, "run `make words`"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(THEMES).as_posix())
def test_a_template_has_no_word_of_its_own(path: Path) -> None:
    """Neither between its tags nor in an attribute that is read out; and no text of an expression begins like a word for readers."""
    tree = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).parse(path.read_text(encoding="utf-8"))
    html = "".join(node.data if isinstance(node, nodes.TemplateData) else "\0" for node in _in_order(tree))
    between = re.sub(r"<[^>]*>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL))
    assert set(WORDS.findall(between)) <= BARE
    assert not [label for label in SEEN.findall(html) if WORDS.search(label)]
    messages = {id(one) for call in tree.find_all(nodes.Call) if _is_message(call) for one in call.args}
    texts = [one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str) and id(one) not in messages]
    assert not [text for text in texts if re.match(r"[A-Z][a-z]|.*[a-z] [a-z]", text)]


def page(site: Path, url: str) -> str:
    """The page at `url` as it was built."""
    return (site / "_site" / url / "index.html").read_text(encoding="utf-8")


def _is_message(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext", "pgettext")


def _in_order(node: nodes.Node) -> Iterator[nodes.Node]:
    """What a template prints, in its order: its own text, and what stands for a value."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData | nodes.Expr):
            yield child
        else:
            yield from _in_order(child)


@pytest.mark.parametrize(("theme", "raw_html"), [("folio", False), ("wire", True)])
def test_a_site_with_a_catalogue_shows_no_word_of_another_language(theme: str, raw_html: bool, tmp_path: Path) -> None:
    site = write(tmp_path, greek_site(theme, THEMES, raw_html=raw_html))
    assert set(codes(run(site))) <= {"early-withdrawal"}
    out = tree(site / "_site")
    # The schemas of documents are for programmers.
    pages = {path: data.decode() for path, data in out.items() if path.endswith((".html", ".json", ".xml")) and "schema/" not in path}
    assert len(pages) > 90
    assert {path: found for path, text in pages.items() if (found := latin_words(path, text))} == {}
    assert "15 Δεκεμβρίου 2017" in pages["notes/α/index.html"]
    assert "2.000,5 βολές" in pages["notes/α/index.html"]
    assert 'aria-label="Ταβλε 2: Έτος, Λαός"' in pages["notes/α/index.html"]
    assert '<time datetime="2017-12-15">15 Δεκεμβρίου 2017</time>' in json.loads(pages["notes/α/index.json"])["body"]
    assert "Νοτ “παλιό”, βθτ “νέο”." in out["corrections/feed.xml"].decode()


def test_words_dates_numbers_and_labels_are_those_of_the_catalogue(tmp_path: Path) -> None:
    many = {f"content/notes/n{n}.md": note(f"Note {n}", topics="[mediation, a, b]") for n in range(2)}
    topics = {f"content/topics/{name}.yaml": f"name: {name}\n" for name in "ab"}
    site = small_site(tmp_path, {"content/site.yaml": SETTINGS, CATALOGUE: GERMAN, **many, **topics})
    assert codes(run(site)) == []
    shown = page(site, "notes/n0")
    assert '<nav aria-label="Haupt&#34;navigation">' in shown, "a label cannot end its attribute"
    assert ">Themen<" in shown
    assert "3 Themen" in shown
    assert "1 Thema" in page(site, "notes/un-offer")
    assert "15. Dezember 2017" in shown
    assert "seit 1. Jänner 2017" in page(site, "actors/guterres"), "dates are Austrian, words are those of German"
    assert "Sources" in shown, "what the catalogue lacks is English"


def test_words_within_texts_are_those_of_the_catalogue_and_escaped(tmp_path: Path) -> None:
    tip = note("Tip", body='> [!TIP] 100 % \\<q> & "co" |\n> Ask.\n\n::: tip\nAsk.\n:::\n\n> Words.\n>\n> — The UN, 2017-01-15\n')
    site = small_site(tmp_path, {"content/site.yaml": SETTINGS, CATALOGUE: GERMAN, "content/notes/tip.md": tip})
    assert codes(run(site)) == []
    shown = page(site, "notes/tip")
    label = "Rat &quot;&lt;b&gt;&quot;"
    assert f'aria-label="{label} – 100 % &lt;q&gt; &amp; &quot;co&quot; |">' in shown
    assert f'aria-label="{label}"><p class="admonition-title">{label}</p>' in shown
    assert '<time datetime="2017-01-15">15. Jänner 2017</time>' in shown


def test_pages_follow_a_catalogue_that_changes(tmp_path: Path) -> None:
    tip = note("Tip", body="> [!TIP]\n> Ask.\n")
    files = {"content/site.yaml": SETTINGS, CATALOGUE: GERMAN, "content/notes/tip.md": tip}
    site = small_site(tmp_path / "site", files)
    assert codes(run(site)) == []
    for change in (
        {CATALOGUE: GERMAN.replace('"Themen"', '"Sachen"')},
        {CATALOGUE: GERMAN.replace('"Rat ', '"Hinweis ')},
        {CATALOGUE: None},
        {CATALOGUE: GERMAN},
    ):
        assert codes(run(write(site, change))) == []
        clean = small_site(tmp_path / "clean", {**files, **{path: text for path, text in change.items() if text}})
        if change[CATALOGUE] is None:
            (clean / CATALOGUE).unlink()
        assert codes(run(clean, clean=True)) == []
        assert tree(site / "_site") == tree(clean / "_site")
    assert run(site).written == 0


def test_a_language_without_a_catalogue_is_english(tmp_path: Path) -> None:
    french, english = (
        small_site(tmp_path / tag, {"content/site.yaml": SETTINGS.replace("de-AT", tag), CATALOGUE: GERMAN}) for tag in ("fr", "en")
    )
    assert codes(run(french)) == codes(run(english)) == []
    said = {tag: page(site, "notes/un-offer") for tag, site in (("fr", french), ("en", english))}
    # But for what names the language: of the page, of what search engines are told, and of the note as it is cited.
    for named in ('lang="fr"', '"inLanguage":"fr"', "&#34;language&#34;: &#34;fr&#34;"):
        said["fr"] = said["fr"].replace(named, named.replace("fr", "en"))
    assert said["fr"] == said["en"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (GERMAN.replace('"seit %(day)s"', '"seit langem"'), 15, "the translation lacks %(day)s of the message"),
        (GERMAN.replace('"seit %(day)s"', '"seit %(day)s %(hour)s"'), 15, "the translation has %(hour)s, which the message does not have"),
        (GERMAN.replace('"seit %(day)s"', '"seit %(day)s zu 5 %"'), 15, 'a "%" of the translation begins no placeholder'),
        ("msgid unquoted\n", 1, "this is no catalogue of gettext: "),
        ('msgid "Main"\nmsgstr[one] "Haupt"\n', 2, "this is no catalogue of gettext: "),
        (GERMAN.replace("(n != 1)", "EXPRESSION"), 2, "Plural-Forms cannot be used: invalid token in plural form: EXPRESSION"),
        (GERMAN.replace("(n != 1)", "100 / n"), 2, "Plural-Forms cannot be used: "),
        (GERMAN.replace("(n != 1)", "n > 1 ? 2 : 0"), 2, "Plural-Forms cannot be used: plural gives 2, and nplurals is 2"),
        (GERMAN.replace('"%(num)s Themen"', '"%s Themen"'), 10, "msgstr[1] lacks %(num)s of the message"),
        (GERMAN.replace('"%(num)s Themen"', '"%d Themen"'), 10, "msgstr[1] lacks %(num)s of the message"),
        (GERMAN.replace('"%(num)s Themen"', '"Themen"'), 10, "msgstr[1] lacks %(num)s of the message"),
        (GERMAN.replace('"%(num)s Themen"', '"%(num)s Themen von %s"'), 10, 'a "%" of msgstr[1] begins no placeholder'),
        (GERMAN.replace('"%(num)s Themen"', '"%(num)d Themen"'), 10, "msgstr[1] lacks %(num)s of the message"),
        (GERMAN.replace('"%(num)s Themen"', '"%%(num)s Themen"'), 10, "msgstr[1] lacks %(num)s of the message"),
        (GERMAN.replace('"%(num)s Thema"', '"ein Thema zu 5 %"'), 10, 'a "%" of msgstr[0] begins no placeholder'),
        (GERMAN.replace('"%(num)s Thema"', '"%(number)s Thema"'), 10, "msgstr[0] has %(number)s, which the message does not have"),
        (GERMAN.replace('"%(num)s Thema"', '"ein Thema"').replace("(n != 1)", "n > 1"), 10, "msgstr[0] lacks %(num)s of the message"),
        (GERMAN.replace('"%(num)s Thema"', '""'), 10, "the translation lacks msgstr[0]"),
        (GERMAN.replace("msgstr[0]", 'msgid_plural "%(num)s"\nmsgstr[0]'), 10, "the message has two msgid_plural"),
        (GERMAN.replace("charset=utf-8", "charset=utf-16"), 5, "this is no catalogue of gettext: "),
    ],
)
def test_a_wrong_catalogue_is_told_with_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/site.yaml": SETTINGS, CATALOGUE: text})
    (found,) = run(site).diagnostics
    assert (found.code, found.place.path, found.place.line) == ("theme-invalid", CATALOGUE, line)
    assert found.message.startswith(message)
    assert found.remedy


@pytest.mark.parametrize(
    "text",
    [
        GERMAN.replace('"%(num)s Thema"', '"ein Thema"'),
        GERMAN.replace('"%(num)s Thema"', '"ein Thema zu 5 %%"'),
        GERMAN.replace('"Themen"', '"Themen zu 100 %"'),
        GERMAN.replace("; plural=(n != 1);", ""),
    ],
)
def test_a_catalogue_may_leave_out_the_number_one_and_print_percent_signs(text: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/site.yaml": SETTINGS, CATALOGUE: text})
    assert codes(run(site)) == []


def test_a_message_without_any_plural_form_is_looked_up_in_the_next_catalogue(tmp_path: Path) -> None:
    empty = 'msgid "%(num)s topic"\nmsgid_plural "%(num)s topics"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    files = {"first/de": empty, "second/de": GERMAN}
    write(tmp_path, {f"{name}/LC_MESSAGES/messages.po": text for name, text in files.items()})
    language, problems = read_language("de", [(tmp_path / name, name) for name in ("first", "second")])
    assert problems == ()
    assert language.ngettext("%(num)s topic", "%(num)s topics", 3) == "3 Themen"


@pytest.mark.parametrize(("form", "shown"), [("Notiz", "Notiz"), ("%(num)s Notiz", "Note")])
def test_a_plural_form_with_a_number_is_not_taken_for_a_message_without_one(form: str, shown: str, tmp_path: Path) -> None:
    text = f'{GERMAN}\nmsgid "Note"\nmsgid_plural "%(num)s notes"\nmsgstr[0] "{form}"\nmsgstr[1] "%(num)s Notizen"\n'
    language, problems = read_language("de", [(write(tmp_path, {"de/LC_MESSAGES/messages.po": text}), "locale")])
    assert problems == ()
    assert language.gettext("Note") == shown
    assert language.ngettext("Note", "%(num)s notes", 1) == form.replace("%(num)s", "1")


MUTATIONS = [
    "",
    "%",
    "%%",
    "%s",
    "%d",
    "%(num)s",
    "%(day)s",
    "(",
    ")",
    "/",
    "0",
    "n",
    ";",
    '"',
    "\\",
    "\n",
    "\0",
    "msgstr",
    "EXPRESSION",
    "utf-16",
]
"""What stands in the place of a few characters of a catalogue that somebody has damaged."""


@pytest.fixture(scope="module")
def many_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in German, whose pages have counts, days and `2 others`."""
    names = "[a, b, c, d, e]"
    actors = {f"content/actors/{name}.yaml": f"name: {name}\ntype: state\n" for name in "abcde"}
    notes = {f"content/notes/{name}.md": note(name, actors=names, topics="[mediation]") for name in ("one", "two", "three", "four", "five")}
    return small_site(tmp_path_factory.mktemp("many"), {"content/site.yaml": f"{SETTINGS}theme: wire\n", **actors, **notes})


OF_WIRE = CATALOGUE.replace("folio", "wire")
WITH_OTHERS = (
    GERMAN
    + """
msgid "%(num)s other"
msgid_plural "%(num)s others"
msgstr[0] "ein anderer"
msgstr[1] "%(num)s andere"
"""
)


def test_the_site_of_many_names_has_the_words_that_are_damaged(many_names: Path) -> None:
    assert codes(run(write(many_names, {OF_WIRE: WITH_OTHERS}))) == []
    assert b"3 andere" in b"".join(tree(many_names / "_site").values())


@settings(max_examples=20)
@given(at=st.integers(0, len(WITH_OTHERS)), length=st.integers(0, 4), written=st.sampled_from(MUTATIONS))
@example(at=WITH_OTHERS.index("%(num)s andere"), length=7, written="%d")
@example(at=WITH_OTHERS.index("%(num)s Themen"), length=7, written="%s")
@example(at=WITH_OTHERS.index("(n != 1)"), length=8, written="EXPRESSION")
@example(at=WITH_OTHERS.index('\n\nmsgid "%(num)s other"') - 1, length=3, written="")
def test_a_damaged_catalogue_is_told_or_makes_pages(many_names: Path, at: int, length: int, written: str) -> None:
    report = run(write(many_names, {OF_WIRE: WITH_OTHERS[:at] + written + WITH_OTHERS[at + length :]}))
    assert report.ok or set(codes(report)) == {"theme-invalid"}
    assert {d.place.path for d in report.diagnostics} <= {OF_WIRE}
    assert all(d.remedy for d in report.diagnostics)


def test_a_catalogue_in_the_wrong_place_is_told(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"themes/folio/locale/de.po": GERMAN})
    (found,) = run(site).diagnostics
    assert found.remedy == f"move it to {CATALOGUE}"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ _('Tom & Jerry') }}", "Tom &amp; Jerry"),
        ("{% trans name='<b>' %}<i>{{ name }}</i> at 100 %{% endtrans %}", "<i>&lt;b&gt;</i> at 100 %"),
        ("{% trans num=1204 %}{{ num }} note{% pluralize %}{{ num }} notes{% endtrans %}", "1,204 notes"),
        ("{{ ngettext('%(num)s note', '%(num)s notes', 1) }}", "1 note"),
        ("{{ pgettext('verb', 'Note') }}", "Note"),
        ("{{ _('As %(role)s', role='<host>') }}", "As &lt;host&gt;"),
        ("{{ 5|plural('% point') }}", "5 % points"),
    ],
)
def test_templates_have_the_functions_of_gettext(template: str, shown: str) -> None:
    assert environment(Theme("", (), ())).from_string(template).render() == shown


def test_the_nearest_catalogue_goes_first(tmp_path: Path) -> None:
    files = {"pt_BR": 'msgid "Topics"\nmsgstr "Assuntos"\n', "pt": 'msgid "Topics"\nmsgstr "Temas"\n\nmsgid "Notes"\nmsgstr "Notas"\n'}
    write(tmp_path, {f"{name}/LC_MESSAGES/messages.po": text for name, text in files.items()})
    said = {tag: read_language(tag, [(tmp_path, "locale")])[0] for tag in ("pt-BR", "pt", "PT-br", "fr")}
    assert [said[tag].gettext("Topics") for tag in said] == ["Assuntos", "Temas", "Assuntos", "Topics"]
    assert said["pt-BR"].gettext("Notes") == "Notas"
    assert said["fr"] == Language("fr")
    assert ENGLISH.gettext("Notes") == "Notes"


def test_what_readers_hear_of_a_site_in_another_language_is_in_the_catalogues() -> None:
    """The pseudo-translation of the kit has all messages, or the test of a whole site would prove nothing."""
    assert translated(words_of_theme(THEMES / "folio"), words_of_program()).count(b"msgid") > 100
