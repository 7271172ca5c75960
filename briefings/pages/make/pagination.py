"""Long lists on several pages, all counted from the oldest, so that a new note changes none but the newest page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from briefings.core.language import Language
from briefings.pages.views.parts import Pagination, PaginationLink

Item = TypeVar("Item")


class ListPage(Struct, Generic[Item], frozen=True):
    """One page of a list."""

    url: str
    number: int
    """1 for the page at the list's own address, which has the newest items."""
    title: str
    """What stands behind the list's own title on this page: `, page 3`; nothing on the first, which has the newest items."""
    items: tuple[Item, ...]
    pagination: Pagination


def paginate(items: Sequence[Item], size: int, url: str, language: Language) -> Iterator[ListPage[Item]]:
    """Cut `items` (newest first) into pages at `url` and `url` + `page/<n>/`.

    Page 1 of the addresses has the oldest `size` items and so on upwards; the newest page, at `url` itself, has what
    is left, at least `size` and fewer than twice as many. So a page once full never changes its items.
    """
    older_pages = max(len(items) // size - 1, 0)
    newest = len(items) - older_pages * size
    cuts = [0, *(newest + i * size for i in range(older_pages + 1))]
    addresses = [url, *(f"{url}page/{n}/" for n in range(older_pages, 0, -1))]
    spans = list(itertools.pairwise(cuts))
    titles = [language.gettext("Newest"), *map(str, range(older_pages, 0, -1))]
    # The pages share their links: each has but one of its own, that to itself.
    links = tuple([PaginationLink(title, address, current=False) for title, address in zip(titles, addresses, strict=True)])
    for i, (start, stop) in enumerate(spans):
        here = PaginationLink(titles[i], addresses[i], current=True)
        pagination = Pagination(
            pages=(*links[:i], here, *links[i + 1 :]) if len(spans) > 1 else (),
            newer=addresses[i - 1] if i else "",
            older=addresses[i + 1] if i + 1 < len(spans) else "",
            first=len(items) - stop + 1 if items else 0,
            last=len(items) - start,
            total=None if i else len(items),
        )
        title = language.gettext(", page %(number)s", number=titles[i]) if i else ""
        yield ListPage(url=addresses[i], number=i + 1, title=title, items=tuple(items[start:stop]), pagination=pagination)
