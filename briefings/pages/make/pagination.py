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
    yield from pages_of([items[start:stop] for start, stop in itertools.pairwise(cuts)], url, language)


def pages_of(parts: Sequence[Sequence[Item]], url: str, language: Language) -> Iterator[ListPage[Item]]:
    """The pages of a list that is cut into `parts` (newest first): the newest at `url`, the others at `url` + `page/<n>/`."""
    older_pages = len(parts) - 1
    total = sum(map(len, parts))
    addresses = [url, *(f"{url}page/{n}/" for n in range(older_pages, 0, -1))]
    starts = list(itertools.accumulate(map(len, parts), initial=0))
    titles = [language.gettext("Newest"), *map(str, range(older_pages, 0, -1))]
    # The pages share their links: each has but one of its own, that to itself.
    links = tuple([PaginationLink(title, address, current=False) for title, address in zip(titles, addresses, strict=True)])
    for i, items in enumerate(parts):
        here = PaginationLink(titles[i], addresses[i], current=True)
        pagination = Pagination(
            pages=(*links[:i], here, *links[i + 1 :]) if older_pages else (),
            newer=addresses[i - 1] if i else "",
            older=addresses[i + 1] if i < older_pages else "",
            first=total - starts[i + 1] + 1 if total else 0,
            last=total - starts[i],
            total=None if i else total,
        )
        title = language.gettext(", page %(number)s", number=titles[i]) if i else ""
        yield ListPage(url=addresses[i], number=i + 1, title=title, items=tuple(items), pagination=pagination)
