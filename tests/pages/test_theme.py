"""Themes: overriding, extending, and errors that name template, line and page."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.pages.views.record_views import TEMPLATES
from briefings.rendering.builtin import built_in_themes
from tests.kit.small_sites import REPOSITORY, codes, run, small_site, tree, write

MINIMAL = {f"themes/plain/templates/{name}": "<!doctype html><title>{{ site.title }}</title>\n" for name in TEMPLATES.values()}


def test_a_site_overrides_one_template_and_one_file(tmp_path: Path) -> None:
    files = {
        "themes/folio/templates/404.html": '{% extends "folio/404.html" %}{% block main %}Lost at sea{% endblock %}\n',
        "themes/folio/assets/folio.css": "body { color: teal }\n",
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    out = tree(site / "_site")
    assert b"Lost at sea" in out["404.html"]
    assert out["theme/folio.css"] == b"body { color: teal }\n"
    assert b"UN offers to mediate" in out["notes/un-offer/index.html"]


def test_a_theme_extends_another(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": "title: Desk\ntheme: mine\nurl: https://desk.example.org/\n",
        "themes/mine/theme.yaml": "extends: folio\n",
        "themes/mine/templates/note.html": "{{ note.title }}|{{ body }}",
        "themes/mine/assets/extra.css": "p { color: teal }\n",
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    out = tree(site / "_site")
    assert out["notes/un-offer/index.html"].startswith(b"UN offers to mediate|<p>The <a")
    assert {"theme/extra.css", "theme/folio.css"} <= out.keys()


def test_a_theme_may_stand_alone(tmp_path: Path) -> None:
    files = {
        "content/site.yaml": "title: Desk\ntheme: plain\nurl: https://desk.example.org/\n",
        "themes/plain/theme.yaml": "name: Plain\n",
        **MINIMAL,
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    assert (site / "_site/index.html").read_text() == "<!doctype html><title>Desk</title>"


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_the_built_in_themes_build_every_page(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, {"content/site.yaml": f"title: Desk\ntheme: {theme}\nurl: https://desk.example.org/\n"})
    report = run(site)
    assert codes(report) == []
    for path, data in tree(site / "_site").items():
        if path.endswith(".html"):
            assert data.startswith(b"<!doctype html>"), path
            assert b"{{ " not in data  # BibTeX has two braces, and no space behind them


@pytest.mark.parametrize(
    ("template", "source", "line", "message"),
    [
        ("note.html", "a\n{{ note.headline }}\n", 2, "headline"),
        ("note.html", "a\n\n{% if %}\n", 3, "expected an expression"),
        ("note.html", "{{ later.title.nothing() }}\n", 1, '".title" is nothing'),
        ("note.html", "{{ secret }}\n", 1, 'no variable "secret"'),
        ("note.html", "a\n{% include 'absent.html' %}\n", 2, "absent.html"),
        ("home.html", "{{ 1 // 0 }}", 1, "division"),
        ("note.html", "{{ note.title | nonsense }}", 1, "nonsense"),
    ],
)
def test_template_errors_name_template_line_and_page(tmp_path: Path, template: str, source: str, line: int, message: str) -> None:
    site = small_site(tmp_path, {f"themes/folio/templates/{template}": source})
    report = run(site)
    assert codes(report) == ["template-error"]
    found = report.diagnostics[0]
    assert (found.place.path, found.place.line) == (f"themes/folio/templates/{template}", line)
    assert message in found.message
    assert found.excerpt == source.split("\n")[line - 1]
    assert not (site / "_site").exists()


def test_an_error_on_many_pages_is_told_once_with_its_page(tmp_path: Path) -> None:
    notes = {f"content/notes/n{i}.md": f"---\ntitle: N{i}\ndate: 2017-01-01\n---\n" for i in range(5)}
    site = small_site(tmp_path, {**notes, "themes/folio/templates/note.html": "{{ note.headline }}"})
    report = run(site)
    assert codes(report) == ["template-error"]
    assert "/notes/" in report.diagnostics[0].message


@pytest.mark.parametrize(
    ("files", "code", "path"),
    [
        ({"content/site.yaml": "title: D\ntheme: folo\nurl: https://desk.example.org/\n"}, "theme-missing", "content/site.yaml"),
        ({"content/site.yaml": "title: D\ntheme: ../x\nurl: https://desk.example.org/\n"}, "theme-missing", "content/site.yaml"),
        ({"themes/folio/theme.yaml": "extends: none\n"}, "theme-missing", "themes/folio/theme.yaml"),
        (
            {"content/site.yaml": "title: D\ntheme: p\nurl: https://desk.example.org/\n", "themes/p/theme.yaml": "extends: p\n"},
            "theme-invalid",
            "themes/p/theme.yaml",
        ),
        (
            {"themes/folio/theme.yaml": "extends: wire\n", "themes/wire/theme.yaml": "extends: folio\n"},
            "theme-invalid",
            "themes/wire/theme.yaml",
        ),
        (
            {"content/site.yaml": "title: D\ntheme: p\nurl: https://desk.example.org/\n", "themes/p/note.html": ""},
            "theme-missing",
            "content/site.yaml",
        ),
        ({"themes/folio/note.html": ""}, "theme-invalid", "themes/folio/note.html"),
        ({"themes/folio/theme.yaml": "extend: folio\n"}, "theme-invalid", "themes/folio/theme.yaml"),
        ({"themes/folio/theme.yaml": "name: [\n"}, "yaml-syntax", "themes/folio/theme.yaml"),
        ({"themes/folio/templates/note.html": b"\xff"}, "theme-invalid", "themes/folio/templates/note.html"),
        (
            {"content/site.yaml": "title: D\ntheme: p\nurl: https://desk.example.org/\n", "themes/p/theme.yaml": "name: P\n"},
            "template-missing",
            "themes/p/theme.yaml",
        ),
    ],
)
def test_broken_themes_are_explained(tmp_path: Path, files: dict[str, str | bytes | None], code: str, path: str) -> None:
    site = small_site(tmp_path, files)
    report = run(site)
    assert set(codes(report)) == {code}
    assert report.diagnostics[0].place.path == path
    assert report.diagnostics[0].remedy
    assert not (site / "_site").exists()


def test_what_changes_a_theme_may_say_that_it_extends_it(tmp_path: Path) -> None:
    files = {"themes/folio/theme.yaml": "extends: folio\n", "themes/folio/assets/folio.css": "body { color: teal }\n"}
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    with_name = tree(site / "_site")
    assert with_name["theme/folio.css"] == b"body { color: teal }\n"
    (site / "themes/folio/theme.yaml").unlink()
    assert codes(run(site)) == []
    assert {path: data for path, data in tree(site / "_site").items() if path != ".briefings.json"} == {
        path: data for path, data in with_name.items() if path != ".briefings.json"
    }


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("note.html", "templates/note.html"),
        ("feed.xml", "templates/feed.xml"),
        ("mine.css", "assets/mine.css"),
        ("template/parts/foot.html", "templates/parts/foot.html"),
        ("Assets/mine.css", "assets/mine.css"),
        ("fonts/a.woff2", "assets/fonts/a.woff2"),
        ("docs/README.md", "assets/docs/README.md"),
    ],
)
def test_a_file_that_no_page_would_use_is_reported(path: str, right: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {f"themes/folio/{path}": ""})
    (found,) = run(site).diagnostics
    assert found.message == f"{path} lies outside templates/, assets/ and locale/, so it is not used"
    assert found.remedy == f"move it to themes/folio/{right}"


def test_a_theme_may_have_a_readme_and_a_licence(tmp_path: Path) -> None:
    names = ("README.md", "README", "LICENSE", "LICENSE.txt", ".gitignore", "note.html~")
    assert codes(run(small_site(tmp_path, {f"themes/folio/{name}": "" for name in names}))) == []


def test_templates_see_their_view_and_nothing_else(tmp_path: Path) -> None:
    for name in ("dict", "lipsum", "cycler", "joiner", "config", "request"):
        site = small_site(tmp_path / name, {"themes/folio/templates/404.html": f"{{{{ {name} }}}}"})
        assert codes(run(site)) == ["template-error"]


def test_the_themes_come_with_the_package() -> None:
    assert {p.parent.name for p in built_in_themes().glob("*/theme.yaml")} >= {"folio", "wire"}


def test_a_template_that_extends_itself_is_told_how_to_extend_the_one_it_replaces(tmp_path: Path) -> None:
    path, block = "themes/folio/templates/base.html", "{% block foot %}Ours{% endblock %}\n"
    site = small_site(tmp_path, {path: '{% extends "base.html" %}' + block})
    report = run(site)
    (failed,) = (d for d in report.diagnostics if d.code == "template-error")
    remedy = '{% extends "folio/base.html" %}'
    assert remedy in failed.remedy
    write(site, {path: remedy + block})
    assert codes(run(site)) == []


def test_a_footer_of_the_guide_keeps_the_mark(tmp_path: Path) -> None:
    guide = (REPOSITORY / "content/pages/guide-themes.md").read_text(encoding="utf-8")
    example = guide.partition("```jinja\n{# themes/folio/templates/base.html #}\n")[2].partition("```")[0]
    bare = '{% extends "folio/base.html" %}{% block foot %}{% endblock %}{% block masthead %}{% endblock %}'
    settings = "title: Desk\nurl: https://desk.example.org/\naudience: TLP:RED\n"
    marked = "---\ntitle: A\ndate: 2017-01-01\nmarking: TLP:RED\n---\n"
    for number, template in enumerate((example, bare)):
        files = {"themes/folio/templates/base.html": template, "content/site.yaml": settings, "content/notes/a.md": marked}
        site = small_site(tmp_path / str(number), files)
        assert codes(run(site)) == []
        page = (site / "_site/notes/a/index.html").read_text(encoding="utf-8")
        assert page.count('<p class="tlp tlp-red"><span>TLP:RED</span></p>') == 2
