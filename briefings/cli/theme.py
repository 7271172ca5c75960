"""`briefings theme`: what a theme's author needs to know."""

from __future__ import annotations

import click


@click.group("theme", short_help="Help for authors of themes.", epilog="Example: `briefings theme reference > theme.md`")
def command() -> None:
    """Help for authors of themes."""


@command.command("reference", epilog="Example: `briefings theme reference > theme.md`")
def reference() -> None:
    """Print, as Markdown, every template with all that it may use."""
    from briefings.pages.reference import theme_reference
    from briefings.rendering.filters import FILTERS

    click.echo(theme_reference(FILTERS))
