"""What is said of a mistake lets its author mend it: the place, the message and the remedy, word for word."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from briefings.content.schema.dates import Moment, PartialDate, zone
from briefings.core.diagnostics import Place
from briefings.engine.scan import scan
from tests.kit.small_sites import note, run, small_site, write

A = "content/notes/a.md"
SITE = "content/site.yaml"
TEMPLATE = "themes/folio/templates/note.html"
ELSEWHERE = "link by id, as in note:un-offer, or correct the address; it is read from the site's root"


def said(site: Path) -> list[str]:
    """The problems of `site` as `path[:line:column] code: message | remedy`."""
    found = []
    for problem in run(site).diagnostics:
        place = problem.place
        where = f"{place.path}:{place.line}:{place.column}" if place.line else place.path
        assert bool(place.line) == bool(problem.excerpt)
        found.append(f"{where} {problem.code}: {problem.message} | {problem.remedy}")
    return found


CONTENT: dict[str, tuple[Mapping[str, str], list[str]]] = {
    "a note by its file's name": (
        {A: note(body="[x](note:2017-12-15-un-offer)\n")},
        [f'{A}:6:5 unknown-note: there is no note "2017-12-15-un-offer" | did you mean "un-offer"?'],
    ),
    "an actor by its name": (
        {A: note(body="[x](actor:Guterres)\n")},
        [f'{A}:6:5 unknown-actor: there is no actor "Guterres" | did you mean "guterres"?'],
    ),
    "a mistyped address": (
        {A: note(body="[x](/notes/un-ofer/) [y](/topic/) [z](/nothing-like-it)\n")},
        [
            f'{A}:6:5 broken-link: this site has no page or asset at "/notes/un-ofer/" | did you mean "/notes/un-offer/"?',
            f'{A}:6:26 broken-link: this site has no page or asset at "/topic/" | did you mean "/topics/"?',
            f'{A}:6:39 broken-link: this site has no page or asset at "/nothing-like-it" | {ELSEWHERE}',
        ],
    ),
    "a mistyped asset": (
        {A: note(body="![A map](/assets/mpa.svg)\n"), "content/assets/map.svg": "<svg/>"},
        [f'{A}:6:10 broken-link: this site has no page or asset at "/assets/mpa.svg" | did you mean "/assets/map.svg"?'],
    ),
    "a mistyped entry of the navigation": (
        {SITE: "title: Desk\nnavigation: [{title: Notes, to: note/}]\nurl: https://desk.example.org/\n"},
        [f'{SITE}:2:33 broken-link: this site has no page or asset at "/note/" | did you mean "/notes/"?'],
    ),
    "an anchor of the text itself": (
        {A: note(body="[x](#outlook)\n\n## What happened\n\n## What is next\n")},
        [
            (
                f'{A}:6:5 broken-anchor: this text has no heading or footnote "#outlook" '
                "| add the heading, or correct the part after #; there is #what-happened and #what-is-next"
            )
        ],
    ),
    "an anchor of a text without headings": (
        {A: note(body="[x](note:un-offer#outlook)\n")},
        [
            (
                f'{A}:6:5 broken-anchor: the note "un-offer" has no heading or footnote "#outlook" '
                "| add the heading there, or link to the page without the part after #"
            )
        ],
    ),
    "a mistyped anchor": (
        {A: note(body="[x](#outlok)\n\n## Outlook\n")},
        [f'{A}:6:5 broken-anchor: this text has no heading or footnote "#outlok" | did you mean "outlook"?'],
    ),
    "an anchor of a text with many headings": (
        {A: note(body="[x](#zzz)\n\n" + "".join(f"## Part {n}\n\n" for n in range(9)))},
        [f'{A}:6:5 broken-anchor: this text has no heading or footnote "#zzz" | add the heading, or correct the part after #'],
    ),
    "an id from two files' names": (
        {"content/notes/2018/un-offer.md": note()},
        [
            (
                'content/notes/2018/un-offer.md duplicate-id: the note "un-offer" is also in content/notes/2017-12-15-un-offer.md '
                "| give one of the two another id, or delete one"
            )
        ],
    ),
    "an id that a header gives": (
        {A: note(id="un-offer")},
        [
            (
                f'{A}:4:5 duplicate-id: the note "un-offer" is also in content/notes/2017-12-15-un-offer.md '
                "| give one of the two another id, or delete one"
            )
        ],
    ),
    "an id in a file of many": (
        {"content/actors/states.yaml": "records:\n  japan: {name: Japan, type: state}\n"},
        [
            (
                'content/actors/states.yaml:2:3 duplicate-id: the actor "japan" is also in content/actors/japan.yaml '
                "| give one of the two another id, or delete one"
            )
        ],
    ),
    "a page where an index must go": (
        {"content/pages/notes.md": "---\ntitle: Notes\n---\n"},
        [
            (
                "content/pages/notes.md address-collision: this and the archive of notes claim the same address /notes/ "
                "| give this file another id or file name"
            )
        ],
    ),
    "pages that differ in letter case": (
        {"content/pages/a.md": "---\ntitle: A\nid: About\n---\n", "content/pages/b.md": "---\ntitle: B\nid: about\n---\n"},
        [
            (
                "content/pages/b.md address-collision: this and content/pages/a.md claim addresses "
                "that differ only in letter case, /about/ and /About/ | give one of the two another id or file name"
            )
        ],
    ),
    "topics without a file that differ in letter case": (
        {SITE: "title: Desk\nundeclared: allow\nurl: https://desk.example.org/\n", A: note(topics="[Talks, talks]")},
        [
            (
                f'{A}:4:10 address-collision: the undeclared topic "Talks" and the undeclared topic "talks" claim '
                "addresses that differ only in letter case, /topics/Talks/ and /topics/talks/ "
                "| write the same id wherever either is meant, or give one of the two another id"
            )
        ],
    ),
    "a file of a theme and an asset": (
        {"content/pages/theme.md": "---\ntitle: T\nid: theme\n---\n", "themes/folio/assets/index.html": "x"},
        [
            (
                "content/pages/theme.md address-collision: this and the theme claim the same address /theme/ "
                "| give this file another id or file name"
            )
        ],
    ),
    "a page where the domain must go": (
        {SITE: "title: Desk\nurl: https://desk.example.org/\n", "content/pages/c.md": "---\ntitle: C\nid: cname\n---\n"},
        [
            (
                "content/pages/c.md address-collision: this and the file CNAME, which tells the host of its domain, claim addresses "
                "that are too alike, /cname/ and /CNAME | give this file another id, file name or alias"
            )
        ],
    ),
    "an address without its scheme": (
        {A: note(body="[x](www.example.org)\n")},
        [f'{A}:6:5 broken-link: there is no file "content/notes/www.example.org" | write https://www.example.org'],
    ),
    "a front matter without keys": (
        {A: "---\nTalks resume\n---\n"},
        [
            (
                f"{A} wrong-type: the front matter is plain text, but must have keys "
                "| write each key on a line of its own, as in title: Talks resume"
            )
        ],
    ),
    "a time without an offset": (
        {A: note(date="2017-12-18 14:30")},
        [f'{A}:3:7 bad-date: "2017-12-18 14:30" is a time without an offset | write it with its offset, as in 2017-12-18T14:30Z'],
    ),
    "links to kinds that do not exist": (
        {A: note(body="[x](actr:un), [y](notes:un-offer)\n")},
        [
            f'{A}:6:5 broken-link: no program follows an address that begins with "actr:" | did you mean "actor:un"?',
            f'{A}:6:19 broken-link: no program follows an address that begins with "notes:" | did you mean "note:un-offer"?',
        ],
    ),
    "an image of another host": (
        {A: note(body="![A map](https://example.org/map.svg)\n")},
        [
            (
                f"{A}:6:10 remote-image: the image comes from example.org: the themes' policy does not load it, "
                "and readers would be seen there | put the file beside this one, and write its name"
            )
        ],
    ),
    "a title of spaces": (
        {A: note(title='"  "'), SITE: 'title: "\u00a0"\n'},
        [
            f'{A}:2:8 empty-value: "title" is empty | write what readers should see',
            f'{SITE}:1:8 empty-value: "title" is empty | write what readers should see',
        ],
    ),
    "a name of spaces": (
        {"content/topics/a.yaml": "name: ' '\n", A: note(title='"  "')},
        [
            f'{A}:2:8 empty-value: "title" is empty | write what readers should see',
            'content/topics/a.yaml:1:7 empty-value: "name" is empty | write what readers should see',
        ],
    ),
    "an office that ends before it begins": (
        {
            "content/actors/states.yaml": (
                "records:\n  fr:\n    name: France\n    type: state\n    offices:\n"
                "      - {role: Chair, from: 2017-06, until: 2017}\n      - {role: Chair, from: 2017-06, until: 2017-05-31}\n"
            )
        },
        [
            (
                "content/actors/states.yaml:7:45 bad-date: this office ends (2017-05-31) before it begins (2017-06) "
                "| correct one of the two dates, or exchange them"
            )
        ],
    ),
    "an id that is too long": (
        {A: note(id="한" * 67), f"content/topics/{'a' * 201}.yaml": "name: A\n"},
        [
            (f'{A}:4:5 bad-id: "{"한" * 30}…" is an id of 201 bytes, which is more than 200 | give it a shorter one'),
            (
                f"content/topics/{'a' * 201}.yaml bad-id: the name of this file makes an id of 201 bytes, which is more than 200 "
                "| give the file a shorter name"
            ),
        ],
    ),
    "an id of an entry that is too long": (
        {A: note(events=f"[{{id: {'e' * 201}, title: T, date: 2017}}]")},
        [f'{A}:4:15 bad-id: "{"e" * 30}…" is an id of 201 bytes, which is more than 200 | give it a shorter one'],
    ),
    "a Markdown file by another suffix": (
        {"content/notes/b.markdown": note(), "content/notes/x/c.MKD": note(), "content/assets/d.markdown": "text"},
        [
            "content/notes/b.markdown stray-file: this file is not read: its name does not end in .md | rename it to end in .md",
            "content/notes/x/c.MKD stray-file: this file is not read: its name does not end in .md | rename it to end in .md",
        ],
    ),
    "a theme without theme.yaml": (
        {SITE: "title: Desk\ntheme: mine\nurl: https://desk.example.org/\n", "themes/mine/templates/note.html": "x"},
        [
            (
                f"{SITE}:2:8 theme-missing: themes/mine has no theme.yaml "
                "| add one; with `extends: folio` in it, the theme needs only the files that it changes"
            )
        ],
    ),
    "a theme.yaml without keys": (
        {"themes/folio/theme.yaml": "- a\n"},
        [
            (
                "themes/folio/theme.yaml theme-invalid: the file is a list, but must have keys "
                "| write each key on a line of its own, as in name: text"
            )
        ],
    ),
    "a theme without templates": (
        {
            SITE: "title: Desk\ntheme: p\nurl: https://desk.example.org/\n",
            "themes/p/theme.yaml": "name: P\n",
            **{
                f"themes/p/templates/{name}.html": ""
                for name in ("404", "home", "archive", "note", "topics", "topic", "actors", "actor", "sources")
            },
        },
        [
            (
                'themes/p/theme.yaml template-missing: the theme "p" lacks the templates source.html, page.html, withdrawn.html '
                "and moved.html "
                "| add them to templates/, or say `extends: folio` in theme.yaml"
            )
        ],
    ),
}


@pytest.mark.parametrize("mistake", CONTENT)
def test_content(mistake: str, tmp_path: Path) -> None:
    files, expected = CONTENT[mistake]
    assert said(small_site(tmp_path, files)) == expected


OFFSET = "is a time without an offset; write it with its offset, as in"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2017-12-18 14:30", f"{OFFSET} 2017-12-18T14:30+01:00"),
        ("2017-12-18T9:30:15", f"{OFFSET} 2017-12-18T09:30:15+01:00"),
        ("2017-12-18 14:30 CET", "is not a time; write 2017-12-18T14:30+01:00"),
        ("2017-12-18T14:30:00+0100", "is not a time; write 2017-12-18T14:30:00+01:00"),
        ("2017-12-18 14:30-05", "is not a time; write 2017-12-18T14:30-05:00"),
        ("2017/12/5", "is not a date; write 2017-12-05"),
        ("2017-12-18 noon", "is not a date; write 2017-12-18, or 2017-12-18T20:00:00+01:00"),
        ("2017/15/12", "is not a date; write 2017-12-15, or 2017-12-15T20:00:00+01:00"),
        ("15 December 2017", "is not a date; write 2017-12-15"),
        ("\u0662\u0660\u0661\u0667-12-15", "is not a date; write 2017-12-15, or 2017-12-15T20:00:00+01:00"),
        ("0000-01-01", "does not exist: there is no year 0"),
        ("0999-12-31", "is not in the years 1000 to 9998; correct the year"),
        ("9999-12-31T23:59:59-12:00", "is not in the years 1000 to 9998; correct the year"),
        ("0001/01/01", "is not a date; write 2017-12-15, or 2017-12-15T20:00:00+01:00"),
        ("2017-13-01", "does not exist: there is no month 13"),
        ("2017-02-29", "does not exist: February 2017 has the days 1 to 28"),
        ("2017-12-15T24:00Z", "does not exist: hours go to 23, minutes and seconds to 59"),
    ],
)
def test_dates(written: str, expected: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(f'"{written}" {expected}') + "$"):
        Moment(written)


@pytest.mark.parametrize("written", ["0001-01-01", "0999", "9999-12", "9999-12-31"])
def test_years_that_are_too_far_off(written: str) -> None:
    with pytest.raises(ValueError, match=f'^"{written}" is not in the years 1000 to 9998; correct the year$'):
        PartialDate(written)


@pytest.mark.parametrize("written", ["1000-01-01", "9998-12-31", "1000-01-01T00:00+14:00", "9998-12-31T23:59:59-12:00"])
def test_the_first_and_last_day_are_days_in_every_zone(written: str) -> None:
    moment = Moment(written)
    for name in ("Pacific/Kiritimati", "Etc/GMT+12"):
        assert moment.start(zone(name)) <= moment.end(zone(name))
        assert moment.day(zone(name)).year in range(999, 10000)
    assert PartialDate(written[:4]).first <= PartialDate(written[:4]).last


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _to_nothing(path: Path) -> None:
    path.symlink_to("nothing.yaml")


def _to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (_pipe, "this is neither a file nor a folder | delete it, or give it a name that begins with a dot"),
        (_to_nothing, "this link leads to nothing | delete it or mend it"),
        (_to_itself, "this link leads to nothing | delete it or mend it"),
    ],
)
def test_odd_files(make: Callable[[Path], None], expected: str, tmp_path: Path) -> None:
    site = small_site(tmp_path)
    make(site / "content/topics/a.yaml")
    (found,) = scan(site, "content").diagnostics
    assert (found.code, found.place) == ("unreadable-file", Place("content/topics/a.yaml"))
    assert f"{found.message} | {found.remedy}" == expected


def test_no_line_of_a_file_outside_is_shown(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: swordfish\n", encoding="utf-8")
    site = small_site(tmp_path / "desk")
    (site / "content/topics/a.yaml").symlink_to(secret)
    assert said(site) == [
        (
            f"content/topics/a.yaml symlink-outside: this link leads out of the site, to {secret.resolve()} "
            "| copy what it leads to into the site, or delete the link"
        )
    ]


TEMPLATES: list[tuple[str, str]] = [
    ("a\n {{ note.headline }}\n", ('2:10 there is no field "headline" in NoteCard{} '
     "| it has id, url, title, summary, date, when, kind, marking, topic, priority, updated, corrected and continued")),
    ("{{ site.titel }}", '1:9 there is no field "titel" in SiteView{} | did you mean "title"?'),
    ("{{ nots }}", '1:4 there is no variable "nots"{} | did you mean "note"?'),
    ("{{ later.title }}", ('1:10 what stands before ".title" is nothing on this page{} '
     '| ask first with {% if … %}: what `briefings theme reference` marks "or nothing" may be absent')),
    ("{{ note.title.owner }}", ('1:15 a text has no field "owner"{} '
     "| `briefings theme reference` says of what type each variable and field is")),
    ("{{ related[9] }}", "1:1 this list has no item 9{} | ask first with {% if … %} whether it is empty"),
    ("{{ related | first }}", ("1:1 no first item, sequence was empty{} "
     "| ask first with {% if … %} whether it is there, or correct the name")),
    ("{% import 'parts/x.html' as x %}{{ x.summry() }}", '1:38 the imported template has no macro "summry"{} | did you mean "summary"?'),
    ("{% import 'parts/x.html' as x %}{{ x.owner() }}", ('2:4 the variable "note" is not known here{} '
     "| a macro sees only what it is given: add it to the macro's arguments")),
    ("{% include 'qqq' %}", ('1:13 there is no template "qqq"{} '
     "| add it to the theme's templates/, or correct the name")),
    ("{% extends 'folio/not.html' %}", '1:13 there is no template "folio/not.html"{} | did you mean "folio/note.html"?'),
    ("{% include 'note.html' %}", ("1:1 templates or macros include one another without end{} "
     "| take out the {% include %} or the call that closes the circle; to build on the template that this one replaces, "
     'name its theme, too: {% extends "folio/base.html" %}')),
    ("{{ published | long_dat }}", '1:16 there is no filter "long_dat" | did you mean "long_date"?'),
    ("{{ published | qqq }}", ('1:16 there is no filter "qqq" | besides Jinja\'s own there are full_date, iso, listing, long_date, '
     "month_short, month_year, plural, short_date, short_date_year, thousands and weekday")),
    ("{{ published is qqq }}", '1:17 there is no test "qqq" | see the list of tests in Jinja\'s manual'),
    ("{{ words + title }}", '1:12 there is no variable "title"{} | did you mean "site"?'),
    ("{{ words + note.title }}", ("1:1 this expression fails: unsupported operand type(s) for +: 'int' and 'str'{} "
     "| `briefings theme reference` says of what type each variable and field is")),
    ("{% iff x %}", '1:4 there is no tag "iff" | did you mean "if"?'),
    ("{% qqq %}", '1:4 there is no tag "qqq" | see Jinja\'s manual for its tags'),
    ("{% endif %}", '1:4 "endif" closes nothing that is open here | delete it'),
    ("{% if words %}{% endfor %}", ('1:18 "endfor" closes nothing that is open here '
     '| the innermost open tag is "if": close it with {% endif %}')),
    ("{% if words %}", '1:1 the tag "if" is not closed | close it with {% endif %}'),
    ("{{ words }", "1:1 this is not Jinja: unexpected '}' | correct the tag or expression; Jinja's manual explains its syntax"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), TEMPLATES)
def test_templates(source: str, expected: str, tmp_path: Path) -> None:
    macros = "{% macro summary() %}{% endmacro %}{% macro owner() %}\n{{ note.title }}{% endmacro %}\n"
    site = small_site(tmp_path, {TEMPLATE: source})
    write(site, {"themes/folio/templates/parts/x.html": macros})
    # The part is used by no page while the page fails.
    (found,) = (one for one in run(site).diagnostics if one.code != "unused-template")
    assert found.code == "template-error"
    page = " (on the page /notes/un-offer/)"
    assert f"{found.place.line}:{found.place.column} {found.message} | {found.remedy}" == expected.replace("{}", page)


@pytest.mark.parametrize("title", ["\u200b", "\u00ad\u2060 ", "\ufe0f", "\u3164", "\u202e\u202c"])
def test_a_title_of_invisible_characters(title: str, tmp_path: Path) -> None:
    site = small_site(tmp_path, {A: note(title=f'"{title}"'), "content/topics/a.yaml": f'name: "{title}"\n'})
    assert [one for one in said(site) if "hidden-character" not in one] == [
        f'{A}:2:8 empty-value: "title" holds nothing but invisible characters | write what readers should see',
        'content/topics/a.yaml:1:7 empty-value: "name" holds nothing but invisible characters | write what readers should see',
    ]
