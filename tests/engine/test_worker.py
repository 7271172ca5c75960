"""A worker gives each file its due, whatever becomes of the others in its batch."""

from __future__ import annotations

from pathlib import Path

from briefings.content.parse import parse
from briefings.content.record_rows import read_records_row
from briefings.core.config import SiteConfig
from briefings.core.digests import digest
from briefings.engine.worker import ParseBatch, parse_batch, read_batch
from tests.kit.small_sites import note, write

CONFIG = SiteConfig(title="T")


def test_each_file_of_a_batch_is_read_for_itself(tmp_path: Path) -> None:
    """Long ones and short ones, broken ones, one that is gone, and one that is as it was."""
    texts = {f"content/notes/{i}.md": note(f"Note {i}", body="Words. " * (1 if i % 5 else 3000)) for i in range(40)}
    texts["content/notes/7.md"] = "---\ntitle: [\n---\n"
    write(tmp_path, texts)
    paths = (*texts, "content/notes/gone.md")
    same = digest((tmp_path / "content/notes/3.md").read_bytes())
    batch = ParseBatch(paths, tuple(same if "/3." in path else b"" for path in paths))
    found = parse_batch(CONFIG, read_batch(str(tmp_path), batch))
    by_path = dict(zip(paths, found, strict=True))
    assert (by_path["content/notes/3.md"].digest, by_path["content/notes/3.md"].row) == (same, b"")
    gone = read_records_row(by_path["content/notes/gone.md"].row)
    assert ([d.code for d in gone.diagnostics], gone.records) == (["unreadable-file"], ())
    for path in texts.keys() - {"content/notes/3.md"}:
        alone = parse(path, (tmp_path / path).read_bytes(), CONFIG)
        parsed = read_records_row(by_path[path].row)
        assert (parsed.records, parsed.diagnostics, parsed.withheld) == (alone.records, alone.diagnostics, alone.withheld)
        assert {text: stored.html.decode() for text, stored in by_path[path].texts.items()} == alone.html
