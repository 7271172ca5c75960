"""Long lists on several pages, numbered from the oldest, so that a new note moves no other note to another page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from briefings.pages.parts import Pagination, PaginationLink

Item = TypeVar("Item")


class Part(Struct, Generic[Item], frozen=True):
    """One page of a list."""

    url: str
    number: int
    """1 for the page at the list's own address, which has the newest items."""
    items: tuple[Item, ...]
    pagination: Pagination


def paginate(items: Sequence[Item], size: int, url: str) -> Iterator[Part[Item]]:
    """Cut `items` (newest first) into pages at `url` and `url` + `page/<n>/`.

    Page 1 of the addresses has the oldest `size` items and so on upwards; the newest page, at `url` itself, has what
    is left, at least `size` and fewer than twice as many. So a page once full never changes its items.
    """
    older_pages = max(len(items) // size - 1, 0)
    newest = len(items) - older_pages * size
    cuts = [0, *(newest + i * size for i in range(older_pages + 1))]
    addresses = [url, *(f"{url}page/{n}/" for n in range(older_pages, 0, -1))]
    spans = list(itertools.pairwise(cuts))
    for i, (start, stop) in enumerate(spans):
        links = tuple(
            PaginationLink("Newest" if k == 0 else str(older_pages - k + 1), address, k == i) for k, address in enumerate(addresses)
        )
        pagination = Pagination(
            pages=links if len(spans) > 1 else (),
            newer=addresses[i - 1] if i else "",
            older=addresses[i + 1] if i + 1 < len(spans) else "",
            first=start + 1 if items else 0,
            last=stop,
            total=len(items),
        )
        yield Part(addresses[i], i + 1, tuple(items[start:stop]), pagination)
