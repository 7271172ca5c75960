"""Pages of a list: nothing lost, nothing twice, and older pages never shift."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from briefings.core.language import ENGLISH
from briefings.pages.make.pagination import paginate

sizes = st.integers(1, 20)
counts = st.integers(0, 200)


@given(counts, sizes)
def test_every_item_is_on_one_page_in_order(count: int, size: int) -> None:
    parts = list(paginate(range(count), size, "notes/", ENGLISH))
    assert [item for part in parts for item in part.items] == list(range(count))
    assert parts[0].url == "notes/"
    assert all(len(part.items) == size for part in parts[1:])
    assert len(parts[0].items) < 2 * size
    assert [p.pagination.last for p in parts] == [count] + [p.pagination.first - 1 for p in parts[:-1]]
    assert parts[-1].pagination.first == min(count, 1)
    assert [p.pagination.total for p in parts] == [count] + [None] * (len(parts) - 1)


@given(counts, sizes)
def test_one_more_item_changes_no_older_page(count: int, size: int) -> None:
    before = {p.url: p for p in paginate(range(count), size, "notes/", ENGLISH)}
    after = {p.url: p for p in paginate(range(-1, count), size, "notes/", ENGLISH)}
    for url, part in before.items():
        if url != "notes/":
            assert after[url].items == part.items
            if len(after) == len(before):
                # Only a further page is one more link for all.
                assert after[url].pagination == part.pagination


@given(counts, sizes)
def test_newer_and_older_lead_from_page_to_page(count: int, size: int) -> None:
    parts = list(paginate(range(count), size, "notes/", ENGLISH))
    for newer, older in itertools.pairwise(parts):
        assert newer.pagination.older == older.url
        assert older.pagination.newer == newer.url
    assert parts[0].pagination.newer == ""
    assert parts[-1].pagination.older == ""
    for part in parts:
        assert [link.url for link in part.pagination.pages if link.current] == ([part.url] if len(parts) > 1 else [])
