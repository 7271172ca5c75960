"""What no page shows of a site's own theme is told, and what some page shows never is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from briefings.rendering.builtin import built_in_themes
from tests.kit.small_sites import codes, note, run, small_site, write

OVER = "themes/folio/templates/"
OWN = "themes/evening/"
EVENING = {"content/site.yaml": "title: Desk\ntheme: evening\nurl: https://desk.example.org/\n", OWN + "theme.yaml": "extends: folio\n"}
ALONE = {
    "content/site.yaml": "title: Desk\ntheme: evening\nurl: https://desk.example.org/\n",
    **{
        OWN + path.relative_to(built_in_themes() / "wire").as_posix(): path.read_text()
        for path in sorted((built_in_themes() / "wire").rglob("*"))
        if path.is_file()
    },
}


def _told(tmp_path: Path, files: Mapping[str, str]) -> list[tuple[str, str]]:
    report = run(small_site(tmp_path, files))
    assert report.ok
    assert {*codes(report)} <= {"unused-template"}
    return [(f"{d.place.path}:{d.place.line}:{d.place.column}", d.remedy) for d in report.diagnostics]


@pytest.mark.parametrize(
    ("files", "place", "remedy"),
    [
        ({OVER + "notes.html": "x"}, OVER + "notes.html:0:0", 'did you mean "note.html"?'),
        ({OVER + "Note.html": "x"}, OVER + "Note.html:0:0", 'did you mean "note.html"?'),
        ({OVER + "pages/note.html": "x"}, OVER + "pages/note.html:0:0", "move it to themes/folio/templates/note.html"),
        ({OVER + "part/macros.html": "x"}, OVER + "part/macros.html:0:0", 'did you mean "parts/macros.html"?'),
        ({OVER + "zzz.html": "x"}, OVER + "zzz.html:0:0", "include it in a template that pages use, or delete it"),
        # Two that use only one another.
        (
            {OVER + "one.html": '{% include "zwei.html" %}', OVER + "zwei.html": '{% include "one.html" %}'},
            OVER + "one.html:0:0",
            "",
        ),
        (
            {OVER + "note.html": '{% extends "folio/note.html" %}\n{% block  mian %}x{% endblock %}'},
            OVER + "note.html:2:11",
            'did you mean "main"?',
        ),
        (
            {OVER + "base.html": '{% extends "folio/base.html" %}\n\n{% if page %}\n  {%- block footer -%}x{% endblock %}{% endif %}'},
            OVER + "base.html:4:13",
            'did you mean "foot"?',
        ),
        (
            {**EVENING, OWN + "templates/topic.html": '{% extends "folio/topic.html" %}{% block aside %}x{% endblock %}'},
            OWN + "templates/topic.html:1:42",
            "the blocks there are",
        ),
        (
            {**EVENING, OWN + "templates/base.html": '{% extends "folio/base.html" %}{% block stiles %}x{% endblock %}'},
            OWN + "templates/base.html:1:41",
            'did you mean "styles"?',
        ),
        (
            {**ALONE, OWN + "templates/page.html": ALONE[OWN + "templates/page.html"] + "{% block tail %}x{% endblock %}"},
            OWN + "templates/page.html",
            "",
        ),
        ({"themes/foilo/templates/base.html": "x"}, "themes/foilo:0:0", 'call it "folio", as the theme that it changes'),
        ({"themes/zzz/assets/a.css": "x"}, "themes/zzz:0:0", "call it as the theme that it changes, or add a theme.yaml"),
        ({"themes/base.html": "x"}, "themes/base.html:0:0", "move it to themes/folio/templates/base.html"),
        ({"themes/mine.css": "x"}, "themes/mine.css:0:0", "move it to themes/folio/assets/mine.css"),
    ],
)
def test_what_no_page_shows_is_told(tmp_path: Path, files: Mapping[str, str], place: str, remedy: str) -> None:
    told = _told(tmp_path, files)
    assert told
    assert told[0][0].startswith(place)
    assert told[0][1].startswith(remedy)


@pytest.mark.parametrize(
    "files",
    [
        # Built on by name, whether that of the theme or that of the file.
        {OVER + "404.html": '{% extends "folio/404.html" %}{% block main %}x{% endblock %}'},
        {OVER + "404.html": '{% extends "base.html" %}{% block main %}x{% endblock %}'},
        # Blocks inside a block that is shown, at any depth.
        {
            OVER + "404.html": '{% extends "base.html" %}{% block main %}{% if page %}{% block a %}{% block b %}x{% endblock %}'
            "{% endblock %}{% endif %}{% endblock %}"
        },
        # A block that a template between the two brings.
        {
            OVER + "layout.html": '{% extends "base.html" %}{% block main %}{% block column %}{% endblock %}{% endblock %}',
            OVER + "404.html": '{% extends "layout.html" %}{% block column %}x{% endblock %}',
        },
        # Blocks in a macro, a filter or a variable of a template that extends another.
        {
            OVER + "404.html": '{% extends "base.html" %}{% macro m() %}{% block a %}x{% endblock %}{% endmacro %}'
            "{% set s %}{% block c %}x{% endblock %}{% endset %}{% block main %}{{ m() }}{{ s }}{% endblock %}"
        },
        # A block that is shown by name.
        {OVER + "404.html": '{% extends "base.html" %}{% block extra %}x{% endblock %}{% block main %}{{ self.extra() }}{% endblock %}'},
        # What is extended only now and then shows its blocks the rest of the time, and what it is may be known only then.
        {OVER + "404.html": '{% if page.root %}{% extends "base.html" %}{% endif %}{% block any %}x{% endblock %}'},
        {OVER + "404.html": '{% set b = "base.html" %}{% extends b %}{% block any %}x{% endblock %}', OVER + "zzz.html": "x"},
        # Blocks before `extends` stand where they are.
        {OVER + "404.html": '{% block any %}{% endblock %}{% extends "base.html" %}'},
        # Helpers, named in each way that there is, and theirs.
        {
            OVER + "404.html": '{% extends "base.html" %}{% from "a.html" import x %}{% import "b.html" as b with context %}'
            '{% block main %}{{ x() }}{% include ["c.html", "nothing.html"] %}{% include "nothing.html" ignore missing %}{% endblock %}',
            OVER + "a.html": '{% macro x() %}{% include "d/e.html" %}{% endmacro %}',
            OVER + "b.html": "{% macro y() %}{% endmacro %}",
            OVER + "c.html": "{% block alone %}c{% endblock %}",
            OVER + "d/e.html": '{% extends "d/f.html" %}{% block g %}g{% endblock %}',
            OVER + "d/f.html": "{% block g %}{% endblock %}",
        },
        # In a comment or as it is, it is no block.
        {OVER + "404.html": '{% extends "base.html" %}{# {% block no %}{% endblock %} #}{% raw %}{% block no %}{% endraw %}'},
        # A part of the theme below, whoever uses it there.
        {OVER + "parts/offices.html": "", OVER + "actor.html": "x"},
        {**EVENING, OWN + "templates/base.html": '{% extends "folio/base.html" %}{% block styles %}{{ super() }}{% endblock %}'},
        # A base of its own has blocks of its own, and templates of the theme below may have more.
        {**EVENING, OWN + "templates/base.html": "<main>{% block main %}{% endblock %}</main>{% block end %}{% endblock %}"},
        # A theme of the desk's under another one: what the upper one lays over is there for other sites.
        {
            **EVENING,
            OWN + "theme.yaml": "extends: house\n",
            "themes/house/theme.yaml": "extends: folio\n",
            "themes/house/templates/404.html": '{% extends "base.html" %}{% block main %}{% include "lost.html" %}{% endblock %}',
            "themes/house/templates/lost.html": "Lost",
            OWN + "templates/404.html": '{% extends "base.html" %}{% block main %}Gone{% endblock %}',
        },
        ALONE,
        # Another theme, changes to one that the program brings, and what explains them.
        {"themes/other/theme.yaml": "extends: folio\n", "themes/other/templates/zzz.html": "x"},
        {"themes/wire/templates/zzz.html": "x", "themes/README.md": "x", "themes/.git/config": "x"},
        {OVER + "README.txt~": "x"},
    ],
)
def test_what_a_page_shows_is_not_told(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert _told(tmp_path, files) == []


def test_the_themes_of_the_program_have_nothing_unused(tmp_path: Path) -> None:
    for theme in ("folio", "wire"):
        site = small_site(tmp_path / theme, {"content/site.yaml": f"title: Desk\nurl: https://desk.example.org/\ntheme: {theme}\n"})
        shutil.copytree(built_in_themes() / theme, site / "themes" / theme)
        assert codes(run(site)) == []


def test_it_is_told_again_by_each_build_until_it_is_mended(tmp_path: Path) -> None:
    site = small_site(tmp_path, {OVER + "404.html": '{% extends "folio/404.html" %}{% block mian %}x{% endblock %}'})
    assert codes(run(site)) == ["unused-template"]
    assert codes(run(site)) == ["unused-template"]
    write(site, {"content/notes/one.md": note("One")})
    assert codes(run(site)) == ["unused-template"], "linked again"
    write(site, {"content/notes/one.md": note("One", body="More.\n")})
    assert codes(run(site)) == ["unused-template"], "carried over"
    settings = (site / "content/site.yaml").read_text()
    write(site, {"content/site.yaml": settings + "severities: {unused-template: 'off'}\n"})
    assert codes(run(site)) == []
    write(site, {"content/site.yaml": settings})
    assert codes(run(site)) == ["unused-template"]
    write(site, {OVER + "404.html": '{% extends "folio/404.html" %}{% block main %}x{% endblock %}'})
    assert codes(run(site)) == []
