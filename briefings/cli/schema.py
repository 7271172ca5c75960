"""`briefings schema`: print the JSON Schema of one kind of record, or of its page's document, for editors and other programs."""

from __future__ import annotations

import json

import click

from briefings.cli.record_files import SCHEMA_KINDS
from briefings.pages.document_schema import document_kinds, document_schema

LISTS = tuple(kind for kind in document_kinds() if kind not in SCHEMA_KINDS)
"""Kinds of pages that have a document but no record."""


@click.command(
    "schema",
    short_help="Print the JSON Schema of a kind of record, or of document.",
    epilog="""\b
Example:
  briefings schema actor > .schemas/actor.json

and as the first line of a file in content/actors:

\b
  # yaml-language-server: $schema=../../.schemas/actor.json

`briefings new site` sets this up; the schema of a note or page is for their front matter, and for notes that are YAML files.""",
)
@click.argument("kind", type=click.Choice((*SCHEMA_KINDS, *LISTS)), metavar="KIND")
@click.option("--document", is_flag=True, help="The schema of the index.json that a site publishes beside each page of KIND.")
def command(kind: str, document: bool) -> None:
    """Print the JSON Schema (2020-12) of KIND: site, note, actor, topic, source or page.

    With --document, KIND may also be a kind of page without a record, such as home, archive, topics or corrections, and not site.
    """
    if document and kind != "site":
        schema = document_schema(f"{kind}.json")
    elif not document and (known := next((known for known in SCHEMA_KINDS if known == kind), None)):
        from briefings.content.schema.json_schema import json_schema

        schema = json_schema(known)
    else:
        raise click.UsageError("site has no document" if document else f"{kind} is a kind of document: add --document")
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
