"""What every page has: the site, itself, the navigation and its texts."""

from __future__ import annotations

import re
from html import escape
from typing import Literal

from msgspec import Struct

from briefings.content.records import Body
from briefings.pages.parts import Crumb, NavigationLink, PageView, Prose, SiteView
from briefings.site.model import NavigationTarget, Site, Target
from briefings.urls import root_of

Section = Literal["home", "notes", "topics", "actors", "sources", "pages", "404", "withdrawn"]

_SIDE = re.compile(r' (width|height)="(\d+)"')
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})


class Frame(Struct, frozen=True):
    """What all pages of a site have in common, made once for all of them."""

    site: SiteView
    home: str
    """The absolute address of the site's root, with a slash at its end."""
    navigation: tuple[NavigationTarget, ...]


def frame_of(site: Site) -> Frame:
    """The frame of every page of `site`."""
    config = site.config
    language = config.language.split("-")[0].lower()
    direction: Literal["ltr", "rtl"] = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    view = SiteView(config.title, config.description, config.language, direction, config.footer)
    return Frame(view, config.url.rstrip("/") + "/", site.navigation)


def page_view(
    frame: Frame,
    url: str,
    title: str,
    description: str,
    section: Section,
    crumbs: tuple[Crumb, ...] = (),
    root: str | None = None,
) -> PageView:
    """The page at `url`, an escaped address from the site's root; `root` only where the page may be shown elsewhere."""
    way = root_of(url) if root is None else root
    return PageView(
        url=url,
        root=way,
        canonical=frame.home + url,
        title=title,
        description=description,
        section=section,
        navigation=tuple(
            [
                NavigationLink(n.title, n.url if n.is_web else way + n.url, bool(n.url) and not n.is_web and url.startswith(n.url))
                for n in frame.navigation
            ]
        ),
        crumbs=crumbs,
    )


def prose(body: Body, targets: tuple[Target | None, ...], root: str) -> Prose:
    """A text with its links as they lead from a page with this `root`."""
    fills = []
    for hole in body.holes:
        target = targets[hole.reference] if hole.reference < len(targets) else None
        if target is None:
            # What may not be shown stands as plain text, as if it had never been a link.
            fills.append(escape(body.references[hole.reference].label) if hole.part == "image" else "")
        elif hole.part == "close":
            fills.append("</a>")
        else:
            url = escape(target.url if target.url.startswith("#") else root + target.url)
            if hole.part == "open":
                fills.append(f'<a href="{url}"{hole.attributes}>')
            else:
                fills.append(f'<img src="{url}"{_size(target, hole.attributes)}{hole.attributes}>')
    return Prose(body.digest, tuple(fills))


def _size(target: Target, attributes: str) -> str:
    """The image's size as far as the author has not given it; one side alone keeps the proportions."""
    given = {side: int(length) for side, length in _SIDE.findall(attributes)}
    if not (target.width and target.height) or len(given) == 2:
        return ""
    if "width" in given:
        return f' height="{round(given["width"] * target.height / target.width)}"'
    if "height" in given:
        return f' width="{round(given["height"] * target.width / target.height)}"'
    return f' width="{target.width}" height="{target.height}"'
