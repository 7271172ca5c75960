"""What programs read of pages is whole, valid and the same as what readers see: documents, structured data, HTML itself."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote, unquote

import jsonschema
import pytest
import rdflib
from rdflib.namespace import RDF, SDO

from briefings.cli.main import run as command_line
from briefings.cli.schema import LISTS
from briefings.core.config import Article
from briefings.pages.document_schema import document_kinds
from briefings.pages.forms import DOCUMENTS
from briefings.pages.views.record_views import NoteView
from tests.kit import nu
from tests.kit.small_sites import codes, example_site, note, run, small_site, tree

# The library warns of its own insides.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HOME = "https://desk.example.org/briefings/"
SCHEMA = rdflib.Namespace("https://schema.org/")
_SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')
THEMES = ("folio", "wire")
CRUEL = '"</script><b> & \' \\u2028 ]]>"'
CORRECTED = note(
    "Corrected",
    "2017-12-16",
    topics="[mediation]",
    sources="[{id: s1, title: A paper}, {id: s2, source: tass, url: 'https://tass.com/'}]",
    corrections="[{date: 2017-12-18, wrong: 7, right: 8}, {date: 2017-12-18T20:00:00Z, note: Also a name.}, "
    "{date: 2017-12-17, wrong: w, right: x}]",
)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Theme to the output of the example site with it."""
    outputs = {}
    for theme in THEMES:
        site = example_site(tmp_path_factory.mktemp(theme), f"theme: {theme}\nurl: {HOME}")
        assert codes(run(site)) == []
        outputs[theme] = site / "_site"
    return outputs


@pytest.fixture(scope="module")
def cruel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a small site with words that could break out of where they stand."""
    files: dict[str, str | bytes | None] = {
        "content/notes/c.md": note(CRUEL, topics="[mediation]", actors="[un]", summary=CRUEL),
        "content/notes/d.md": CORRECTED,
        "content/topics/mediation.yaml": f"name: {CRUEL}\n",
    }
    site = small_site(tmp_path_factory.mktemp("cruel"), files)
    assert set(codes(run(site))) == {"markup-as-text"}
    return site / "_site"


def documents(output: Path) -> dict[str, Any]:
    """Every document of an output, by its path."""
    return {path: json.loads(data) for path, data in tree(output).items() if path.rpartition("/")[2] == "index.json"}


@pytest.mark.parametrize("site", ["folio", "cruel"])
def test_every_document_keeps_to_its_published_schema(site: str, examples: dict[str, Path], cruel: Path) -> None:
    output = cruel if site == "cruel" else examples[site]
    validators = {}
    for file in (output / "schema").iterdir():
        schema = json.loads(file.read_bytes())
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[file.resolve()] = jsonschema.Draft202012Validator(schema)
    found = documents(output)
    pages = {path for path in tree(output) if path.endswith("index.html")}
    assert {path.replace(".json", ".html") for path in found} == pages
    for path, document in found.items():
        validator = validators[(output / path).parent.joinpath(document["$schema"]).resolve()]
        assert [error.message for error in validator.iter_errors(document)] == [], path
        # A schema that allowed anything would prove nothing.
        assert list(validator.iter_errors({**document, "page": None}))
        assert list(validator.iter_errors({name: value for name, value in document.items() if name != "site"}))


@pytest.mark.parametrize("kind", document_kinds())
def test_the_command_prints_the_published_schema(kind: str, cruel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["schema", kind, "--document"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((cruel / f"schema/{kind}.json").read_bytes())
    assert [name for name, meaning in _meanings(printed) if not meaning] == []


def test_other_kinds_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(LISTS) == set(document_kinds()) - {"note", "actor", "topic", "source", "page"}
    assert command_line(["schema", "site", "--document"]) == 2
    assert "no document" in capsys.readouterr().err
    assert command_line(["schema", "archive"]) == 2
    assert "--document" in capsys.readouterr().err


def _meanings(schema: Any) -> Iterator[tuple[str, str]]:
    if isinstance(schema, list):
        for item in schema:
            yield from _meanings(item)
    elif isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            yield name, value.get("description", "")
        for value in schema.values():
            yield from _meanings(value)


def test_a_document_has_what_its_page_shows(examples: dict[str, Path]) -> None:
    found = documents(examples["folio"])
    for path, document in found.items():
        page = (examples["folio"] / path.replace(".json", ".html")).read_text(encoding="utf-8")
        assert html.escape(document["page"]["title"] or document["site"]["title"], quote=False) in page.replace("&#39;", "'").replace(
            "&#34;", '"'
        )
        # The text stands on the page as it does in the document, with the same links.
        assert document.get("body", "") in page
    shown = found["notes/un-offers-to-mediate/index.json"]
    assert set(NoteView.__struct_fields__) | {"$schema", "highest_marking"} == shown.keys()
    assert shown["note"]["url"] == "../../notes/un-offers-to-mediate/"
    assert [part["actor"]["name"] for part in shown["actors"]][:2] == ["António Guterres", "Rex Tillerson"]
    assert len(DOCUMENTS) == len({document["$schema"].rpartition("/")[2] for document in found.values()})


def graph(page: Path, base: str = "") -> rdflib.Graph:
    """What a page says of itself, read at the address `base` rather than at its own. The context of schema.org stands in for itself."""
    scripts = _SCRIPT.findall(page.read_text(encoding="utf-8"))
    assert len(scripts) == 1, page
    data = json.loads(scripts[0])
    assert data["@context"] == "https://schema.org"
    links = {name: {"@type": "@id"} for name in ("url", "sameAs", "item", "archivedAt")}
    context = {"@vocab": str(SCHEMA), **links}
    canonical = _CANONICAL.search(page.read_text(encoding="utf-8"))
    assert canonical, page
    return rdflib.Graph().parse(data=json.dumps(data | {"@context": context}), format="json-ld", publicID=base or canonical[1])


@pytest.mark.parametrize("theme", THEMES)
def test_structured_data_says_what_the_page_shows(theme: str, examples: dict[str, Path]) -> None:
    kinds: Counter[str] = Counter()
    for path, document in documents(examples[theme]).items():
        page = rdflib.URIRef(document["page"]["canonical"])
        found = graph(examples[theme] / path.replace(".json", ".html"))
        kind = str(found.value(page, RDF.type)).removeprefix(str(SCHEMA))
        kinds[kind] += 1
        unknown = {term for _, term, _ in found if term not in SDO and term != RDF.type}  # type: ignore[attr-defined]  # its metaclass knows
        assert unknown == set(), path
        if path != "index.json":
            crumbs = sorted(
                (int(str(found.value(item, SCHEMA.position))), str(found.value(item, SCHEMA.name)))
                for item in found.objects(None, SCHEMA.itemListElement)
            )
            titles = [document["site"]["title"], *(c["title"] for c in document["page"]["crumbs"]), document["page"]["title"]]
            assert [name for _, name in crumbs] == titles
        if "article" in document:
            assert str(found.value(page, SCHEMA.headline)) == document["note"]["title"]
            assert str(found.value(page, SCHEMA.datePublished)) == document["published"]
            assert {str(found.value(o, SCHEMA.name)) for o in found.objects(page, SCHEMA.mentions)} == {
                p["actor"]["name"] for p in document["actors"]
            }
            assert {str(found.value(o, SCHEMA.name)) for o in found.objects(page, SCHEMA.about)} == {t["name"] for t in document["topics"]}
            assert len(list(found.objects(page, SCHEMA.citation))) == len(document["sources"])
        if kind == "ProfilePage":
            actor = found.value(page, SCHEMA.mainEntity)
            type_ = {"person": "Person", "organization": "Organization", "state": "Country", None: "Thing"}[
                document["card"]["actor"]["type"]
            ]
            assert found.value(actor, RDF.type) == SCHEMA[type_]
            assert str(found.value(actor, SCHEMA.name)) == document["card"]["actor"]["name"]
    assert kinds.keys() == {
        *("NewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle", "ProfilePage", "CollectionPage", "WebPage", "WebSite"),
    }


@pytest.mark.parametrize("theme", THEMES)
def test_what_pages_say_of_one_another_meets_on_any_host(theme: str, examples: dict[str, Path]) -> None:
    base = "http://mirror.example.net/deep/copy/"
    pages = [path for path in tree(examples[theme]) if path.rpartition("/")[2] == "index.html"]
    graphs = {base + path.removesuffix("index.html"): examples[theme] / path for path in pages}
    found = {address: graph(page, quote(address, safe=":/")) for address, page in graphs.items()}
    checked: Counter[rdflib.term.Node] = Counter()
    for address, triples in found.items():
        own = rdflib.URIRef(quote(address, safe=":/"))
        assert found[address].value(own, RDF.type) is not None, "the page says what it is"
        for _, term, thing in triples:
            if isinstance(thing, rdflib.URIRef) and thing.startswith(base):
                there = found[unquote(str(thing).partition("#")[0])]
                assert there.value(thing, RDF.type) is not None, f"{thing} in {address}"
                checked[term] += 1
            elif isinstance(thing, rdflib.URIRef) and thing.startswith(HOME):
                assert term in (SCHEMA.url, SCHEMA.item), f"{thing} in {address} leads back to the first host"
    named = ("isPartOf", "hasPart", "about", "mentions", "publisher", "author", "creator", "mainEntity", "affiliation", "employee")
    assert {term for term in checked if term != SCHEMA.url} == {SCHEMA[name] for name in named}


@pytest.mark.parametrize("tables", [True, False])
def test_the_values_of_a_measure_are_a_dataset(tmp_path: Path, tables: bool) -> None:
    figures = "[{measure: days, value: 3, as_of: 2017-12-15}, {measure: days, value: 5, as_of: 2017-12-20}]"
    topic = "name: Mediation\nmeasures: [{id: days, name: Days of talks}]\n"
    settings = f"title: Desk\nurl: {HOME}\noutputs: {{tables: {str(tables).lower()}}}\n"
    files: dict[str, str | bytes | None] = {"content/topics/mediation.yaml": topic, "content/notes/other.md": note(figures=figures)}
    site = small_site(tmp_path, {**files, "content/site.yaml": settings})
    assert codes(run(site)) == []
    found = graph(site / "_site/figures/days/index.html")
    data = found.value(rdflib.URIRef(f"{HOME}figures/days/"), SCHEMA.mainEntity)
    assert found.value(data, RDF.type) == SCHEMA.Dataset
    told = {term: str(found.value(data, SCHEMA[term])) for term in ("name", "temporalCoverage", "url")}
    assert told == {"name": "Days of talks", "temporalCoverage": "2017-12-15/2017-12-20", "url": f"{HOME}figures/days/"}
    files_of = [str(found.value(one, SCHEMA.contentUrl)).removeprefix(HOME) for one in found.objects(data, SCHEMA.distribution)]
    assert files_of == (["figures/figures.csv"] if tables else [])
    assert all((site / "_site" / path).is_file() for path in files_of)


def test_no_word_breaks_out_of_structured_data(cruel: Path) -> None:
    title = html.unescape("</script><b> & ' \u2028 ]]>")
    found = graph(cruel / "notes/c/index.html")
    assert str(found.value(rdflib.URIRef(f"{HOME}notes/c/"), SCHEMA.headline)) == title
    assert json.loads((cruel / "notes/c/index.json").read_bytes())["note"]["title"] == title


def test_corrections_are_told_to_programs(cruel: Path) -> None:
    page = rdflib.URIRef(f"{HOME}notes/d/")
    found = graph(cruel / "notes/d/index.html")
    assert {str(found.value(o, SCHEMA.text)) for o in found.objects(page, SCHEMA.correction)} == {"7 → 8", "Also a name.", "w → x"}
    assert str(found.value(page, SCHEMA.dateModified)) == "2017-12-18T20:00:00+00:00"
    assert f"<loc>{page}</loc><lastmod>2017-12-18T20:00:00+00:00</lastmod>" in (cruel / "sitemap.xml").read_text(encoding="utf-8")
    feed = json.loads((cruel / "corrections/feed.json").read_bytes())
    assert [(item["id"].removeprefix(str(page))[:23], item["content_text"], item["title"]) for item in feed["items"]] == [
        ("#correction-2017-12-18-", "Also a name.", "Correction: Corrected"),
        ("#correction-2017-12-18-", "Not “7”, but “8”.", "Correction: Corrected"),
        ("#correction-2017-12-17-", "Not “w”, but “x”.", "Correction: Corrected"),
    ]


def test_every_sort_of_article_has_its_name(tmp_path: Path) -> None:
    kinds = ", ".join(f"{article}: {{name: X, article: {article}}}" for article in get_args(Article))
    files: dict[str, str | bytes | None] = {f"content/notes/{a}.md": note(kind=a) for a in get_args(Article)}
    config = f"title: Desk\nurl: {HOME}\nkinds: {{brief: {{name: Brief}}, {kinds}}}\n"
    site = small_site(tmp_path, {**files, "content/site.yaml": config})
    assert codes(run(site)) == []
    for article in get_args(Article):
        name = "NewsArticle" if article == "news" else f"{article.capitalize()}NewsArticle"
        page = rdflib.URIRef(f"{HOME}notes/{article}/")
        assert graph(site / f"_site/notes/{article}/index.html").value(page, RDF.type) == SCHEMA[name]
        assert SCHEMA[name] in SDO


@pytest.mark.skipif(bool(nu.missing()), reason=nu.missing())
def test_all_html_is_valid(examples: dict[str, Path], cruel: Path, tmp_path: Path) -> None:
    everything = tmp_path / "all"
    everything.mkdir()
    for name, output in {**examples, "cruel": cruel}.items():
        (everything / name).symlink_to(output)
    pages = [path for output in (*examples.values(), cruel) for path in output.rglob("*.html")]
    assert len(pages) > 300
    broken = tmp_path / "all/broken.html"
    broken.write_text("<!doctype html><title>x</title><p><b>x</p>", encoding="utf-8")
    found = nu.messages(everything)
    assert [line for line in found if "broken.html" in line]
    assert [line for line in found if "broken.html" not in line] == []
