"""What worker processes do: parse a batch of files, or render and write a batch of pages."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from briefings.build.output import Written, write_file
from briefings.config import SiteConfig
from briefings.content.parse import Parsed, parse
from briefings.diagnostics import Diagnostic, problem
from briefings.pages.plan import PlannedPage
from briefings.rendering.render import render
from briefings.rendering.theme import Theme


class ParseBatch(Struct, frozen=True):
    """Files to be read and parsed."""

    site: str
    paths: tuple[str, ...]
    config: SiteConfig


class RenderBatch(Struct, frozen=True):
    """Pages to be rendered and written below `folder`."""

    folder: str
    pages: tuple[PlannedPage, ...]
    html: dict[str, str]
    """The pages' texts by digest."""
    theme: Theme


def parse_batch(batch: ParseBatch) -> list[Parsed]:
    """Each file's records; a file that cannot be read gives a diagnostic."""
    return [_parse_file(Path(batch.site), path, batch.config) for path in batch.paths]


def render_batch(batch: RenderBatch) -> tuple[dict[str, Written], list[Diagnostic]]:
    """What was written, by path, and the templates that failed."""
    written: dict[str, Written] = {}
    diagnostics: list[Diagnostic] = []
    folder = Path(batch.folder)
    for page in batch.pages:
        rendered = render(page, batch.theme, batch.html)
        if isinstance(rendered, Diagnostic):
            diagnostics.append(rendered)
        else:
            written[page.path] = write_file(folder, page.path, rendered)
    return written, diagnostics


def _parse_file(site: Path, path: str, config: SiteConfig) -> Parsed:
    try:
        data = (site / path).read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        return Parsed(path, diagnostics=(problem("unreadable-file", message, path, "mend its permissions, or delete it"),))
    return parse(path, data, config)
