"""Reads themes: finds each template and asset in the folders of a theme and of the themes that it extends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct, structs

from briefings.content.checks.conflicts import conflict_in_bytes, conflicts
from briefings.content.parse import read_yaml
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.language import ENGLISH, Language
from briefings.core.text import closest, did_you_mean, is_left_out, is_undecodable, listing
from briefings.pages.theme_pages import ThemePages
from briefings.pages.views.record_views import OPTIONAL, TEMPLATES
from briefings.pages.views.search_views import SearchView
from briefings.rendering.builtin import built_in_themes
from briefings.rendering.catalogues import CATALOGUE, LOCALE, package_locale, read_language

_PARTS = ("templates", "assets", LOCALE)
"""The folders that a theme consists of."""
ASSETS = "theme/"
"""Where a theme's own files are published, from the site's root."""
_SEARCH_SCRIPTS = ("field.js", "search-index.js", "search.js")
"""What search works by in a browser. Every theme with a page for it has these of folio, as far as it has none of its own."""


class ThemeConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The keys of `theme.yaml`."""

    name: str = ""
    description: str = ""
    extends: str = ""
    """The theme that gives every file which this one lacks."""


class Template(Struct, frozen=True):
    """One template."""

    name: str
    """What `{% include %}` and `{% extends %}` call it: `note.html`, or `folio/note.html` for the one of `folio` itself."""
    path: str
    """Its path as messages name it: from the site folder, or from the folder of the built-in themes."""
    source: str
    code: bytes = b""
    """Its compiled code, for this version of Python; empty before it is compiled."""
    own: bool = False
    """Whether it lies in the site's folder."""

    @property
    def relative(self) -> str:
        """Its path from `templates/`."""
        return self.path.split("/", 3)[3]


class Theme(Struct, frozen=True):
    """A theme with everything that it extends, ready to be sent to any process."""

    name: str
    templates: tuple[Template, ...]
    assets: tuple[tuple[str, str], ...]
    """Address from the site's root and absolute path of each file."""
    language: Language = ENGLISH
    """The language of the words that the theme and the program put on pages."""

    @property
    def pages(self) -> ThemePages:
        """What planning must know of it."""
        templates = frozenset(TEMPLATES.values()) & {template.name for template in self.templates}
        return ThemePages(templates, tuple(address for address, _ in self.assets), self.language)


def without_scripts(theme: Theme) -> Theme:
    """The theme without its files of JavaScript, for a site whose settings leave scripts out."""
    return structs.replace(theme, assets=tuple((address, path) for address, path in theme.assets if not address.endswith((".js", ".mjs"))))


def load_theme(name: str, site: Path, language: str) -> tuple[Theme | None, tuple[Diagnostic, ...]]:
    """Read the theme `name` of the site folder `site`, with its words in `language` (BCP 47), or say what is wrong with it."""
    roots = [site / "themes"]
    if built_in_themes().resolve() != roots[0].resolve():
        roots.append(built_in_themes())
    layers: list[tuple[str, Path]] = []
    diagnostics: list[Diagnostic] = []
    asked_by = Place("content/site.yaml", key="theme")
    seen: list[str] = []
    while name or not seen:
        if name in seen:
            way = " → ".join((*seen, name))
            diagnostics.append(problem("theme-invalid", f"the theme extends itself: {way}", asked_by, "take out one `extends`"))
            break
        seen.append(name)
        folders = [root / name for root in roots if _is_folder_name(name) and (root / name).is_dir()]
        config_files = [f / "theme.yaml" for f in folders if (f / "theme.yaml").is_file()]
        if not config_files:
            diagnostics.append(_missing(name, folders, roots, asked_by, site))
            break
        layers += ((name, folder) for folder in folders)
        diagnostics += (found for folder in folders for found in _unused(folder, site))
        extends = name
        for config_file in config_files:
            # What changes a given theme may say that it extends the theme of its own name: that is the one below.
            if extends != name:
                break
            shown = _shown(config_file, site)
            try:
                written = config_file.read_bytes()
            except OSError as error:
                diagnostics.append(_unreadable(config_file, site, error))
                extends = ""
                break
            config, found = read_yaml(shown, written, ThemeConfig)
            diagnostics += (d if d.code in ("yaml-syntax", "not-utf8") else _invalid(d) for d in found if d.severity == "error")
            extends, asked_by = config.extends if config else "", Place(shown, key="extends")
        name = extends
    if diagnostics:
        return None, tuple(diagnostics)
    theme, problems = _assemble(seen[0], layers, site)
    spoken, wrong = read_language(language, _locales(layers, site))
    if theme is None or wrong:
        return None, (*problems, *wrong, *_strays(site, seen))
    return structs.replace(theme, language=spoken), (*problems, *_strays(site, seen))


def _locales(layers: Sequence[tuple[str, Path]], site: Path) -> Iterator[tuple[Path, str]]:
    """Yield the folders of catalogues, each with its name in messages: first those of the theme's folders, then the program's."""
    for _, folder in layers:
        yield folder / LOCALE, _shown(folder / LOCALE, site)
    yield package_locale(), LOCALE


def _assemble(name: str, layers: Sequence[tuple[str, Path]], site: Path) -> tuple[Theme | None, tuple[Diagnostic, ...]]:
    """Lay the folders over one another: the first one that has a file gives it."""
    templates: dict[str, Template] = {}
    assets: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for theme, folder in layers:
        for path in _files(folder / "templates"):
            relative = path.relative_to(folder / "templates").as_posix()
            try:
                source = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                diagnostics.append(
                    problem("theme-invalid", f"the template cannot be read: {error}", _shown(path, site), "save it as UTF-8")
                )
                continue
            except OSError as error:
                diagnostics.append(_unreadable(path, site, error))
                continue
            diagnostics += conflicts(_shown(path, site), source, is_markdown=False)
            template = Template(relative, _shown(path, site), source, own=path.is_relative_to(site))
            templates.setdefault(relative, template)
            # The deepest folder of a theme wins here, so that an override can extend what it overrides.
            templates[f"{theme}/{relative}"] = structs.replace(template, name=f"{theme}/{relative}")
        for path in _files(folder / "assets"):
            assets.setdefault(ASSETS + path.relative_to(folder / "assets").as_posix(), str(path))
            diagnostics += _conflict_in_asset(path, site)
    if TEMPLATES[SearchView] in templates:
        for script in _SEARCH_SCRIPTS:
            assets.setdefault(ASSETS + script, str(built_in_themes() / "folio" / "assets" / script))
    needed = [template for view, template in TEMPLATES.items() if template not in templates and view not in OPTIONAL]
    if needed:
        message = f'the theme "{name}" lacks the {"templates" if len(needed) > 1 else "template"} {listing(needed)}'
        remedy = f"add {'them' if len(needed) > 1 else 'it'} to templates/, or say `extends: folio` in theme.yaml"
        diagnostics.append(problem("template-missing", message, _shown(layers[0][1] / "theme.yaml", site), remedy))
    if diagnostics:
        return None, tuple(diagnostics)
    return Theme(name, tuple(t for _, t in sorted(templates.items())), tuple(sorted(assets.items()))), ()


def _conflict_in_asset(path: Path, site: Path) -> Iterator[Diagnostic]:
    """Find conflict markers of a merge in a style sheet, script or drawing of the site. Publication reports a file that cannot be read."""
    if path.suffix in (".css", ".js", ".svg") and path.is_relative_to(site):
        with contextlib.suppress(OSError):
            left = conflict_in_bytes(_shown(path, site), path.read_bytes())
            if left is not None:
                yield left


def _missing(name: str, folders: Sequence[Path], roots: Sequence[Path], asked_by: Place, site: Path) -> Diagnostic:
    """The diagnostic for a theme that has no theme.yaml."""
    if folders:
        remedy = "add one; with `extends: folio` in it, the theme needs only the files that it changes"
        return problem("theme-missing", f"{_shown(folders[0], site)} has no theme.yaml", asked_by, remedy)
    known = {p.parent.name for root in roots if root.is_dir() for p in root.glob("*/theme.yaml")}
    remedy = did_you_mean(name, known, f"known themes: {', '.join(sorted(known))}")
    return problem("theme-missing", f'there is no theme "{name}"', asked_by, remedy)


def _unused(folder: Path, site: Path) -> Iterator[Diagnostic]:
    """The files of a theme's folder that no page would ever use, because they lie where none is looked for."""
    for path in _files(folder):
        place, *below = path.relative_to(folder).parts
        if place == LOCALE and path.suffix == ".po" and "/".join(below[1:]) != CATALOGUE:
            message = f"{path.relative_to(folder).as_posix()} lies where no catalogue is looked for, so it is not used"
            right = folder / LOCALE / (below[0] if len(below) > 1 else path.stem) / CATALOGUE
            yield problem("theme-invalid", message, _shown(path, site), f"move it to {_shown(right, site)}")
            continue
        if place in _PARTS if below else place.startswith(("README", "LICENSE")) or place == "theme.yaml":
            continue
        meant = closest(place, _PARTS) if below else None
        inside = Path(*below) if meant else Path(place, *below)
        right = folder / (meant or ("templates" if path.suffix in (".html", ".xml") else "assets")) / inside
        message = f"{path.relative_to(folder).as_posix()} lies outside templates/, assets/ and locale/, so it is not used"
        yield problem("theme-invalid", message, _shown(path, site), f"move it to {_shown(right, site)}")


def _strays(site: Path, used: Sequence[str]) -> Iterator[Diagnostic]:
    """Find what lies in themes/ and belongs to no theme. A whole theme that is not among those `used` is left alone."""
    given = {path.parent.name for path in built_in_themes().glob("*/theme.yaml")}
    for path in sorted((site / "themes").glob("*")):
        name = path.name
        if is_left_out(name) or is_undecodable(name) or name in used or name in given or name.startswith(("README", "LICENSE")):
            continue
        if path.is_dir():
            if (path / "theme.yaml").exists() or not any(_files(path)):
                continue
            message = f'the folder "{name}" belongs to no theme: it has no theme.yaml, and the program brings no theme of its name'
            meant = closest(name, {*used, *given})
            remedy = (
                f'call it "{meant}", as the theme that it changes' if meant else "call it as the theme that it changes, or add a theme.yaml"
            )
        elif path.is_file():
            part = "templates" if path.suffix in (".html", ".xml") else "assets"
            message = f"{name} lies outside the folders of the themes, so it is not used"
            remedy = f"move it to themes/{used[0]}/{part}/{name}"
        else:
            continue
        yield problem("unused-template", message, _shown(path, site), remedy)


def _is_folder_name(name: str) -> bool:
    return name not in (".", "..") and not any(separator in name for separator in "/\\\0")


def _files(folder: Path) -> Iterator[Path]:
    """Every file below `folder`, if there is one, in a stable order.

    Left out are the files that are left out everywhere, and what a scan finds wrong: pipes, links to nothing, names that are not UTF-8.
    """

    def fail(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for directory, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(f for f in folders if not is_left_out(f) and not is_undecodable(f))
        for name in sorted(names):
            path = Path(directory, name)
            if not is_left_out(name) and not is_undecodable(name) and path.is_file():
                yield path


def _unreadable(path: Path, site: Path, error: OSError) -> Diagnostic:
    remedy = "mend its permissions, or delete it"
    return problem("unreadable-file", f"this cannot be read: {error.strerror}", _shown(path, site), remedy)


def _invalid(diagnostic: Diagnostic) -> Diagnostic:
    return problem("theme-invalid", diagnostic.message, diagnostic.place, diagnostic.remedy)


def _shown(path: Path, site: Path) -> str:
    """`path` as messages name it: from the site folder, or from the folder of the built-in themes."""
    if path.is_relative_to(site):
        return path.relative_to(site).as_posix()
    return "themes/" + path.relative_to(built_in_themes()).as_posix()
