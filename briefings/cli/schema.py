"""`briefings schema`: the JSON Schema of one kind of record, for editors and other programs."""

from __future__ import annotations

import json
from typing import Literal

import click

from briefings.cli.record_files import SCHEMAS
from briefings.content.records import Kind


@click.command(
    "schema",
    short_help="Print the JSON Schema of a kind of record.",
    epilog="""\b
Example:
  briefings schema actor > .schemas/actor.json

and as the first line of a file in content/actors:

\b
  # yaml-language-server: $schema=../../.schemas/actor.json

`briefings new site` sets this up; the schema of a note or page is for their front matter, and for notes that are YAML files.""",
)
@click.argument("kind", type=click.Choice(SCHEMAS), metavar="KIND")
def command(kind: Kind | Literal["site"]) -> None:
    """Print the JSON Schema (2020-12) of KIND: site, note, actor, topic, source or page."""
    from briefings.content.schema import json_schema

    click.echo(json.dumps(json_schema(kind), indent=2, ensure_ascii=False))
