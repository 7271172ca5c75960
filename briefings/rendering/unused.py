"""Templates and blocks of a site's own theme that no page shows, since nothing has their name: most often a name is mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from jinja2 import nodes
from msgspec import Struct

from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import closest, did_you_mean, listing
from briefings.pages.views.record_views import TEMPLATES
from briefings.rendering.theme import Template

_SHOWING = (nodes.Block, nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)
"""Kinds of nodes that show the blocks within them."""
_LINE_END = re.compile(r"\r\n|\r|\n")


class Outline(Struct, frozen=True):
    """What a template extends, and the blocks in it."""

    extends: str = ""
    """The name of the template that it extends. Empty where it extends none, or only a run can tell: its blocks then count as shown."""
    blocks: frozenset[str] = frozenset()
    """The names of all its blocks."""
    loose: tuple[tuple[str, int], ...] = ()
    """Name and line of each block that is shown only if a template that this one extends has a block of that name."""
    called: frozenset[str] = frozenset()
    """The blocks that `{{ self.name() }}` shows once more."""


def outline(tree: nodes.Template) -> Outline:
    """The outline of a template, which is read before it is compiled: compiling changes the tree."""
    blocks = frozenset(block.name for block in tree.find_all(nodes.Block))
    called = frozenset(
        found.attr for found in tree.find_all(nodes.Getattr) if isinstance(found.node, nodes.Name) and found.node.name == "self"
    )
    at = next((place for place, node in enumerate(tree.body) if isinstance(node, nodes.Extends)), None)
    parents = [*tree.find_all(nodes.Extends)]
    if at is None or len(parents) > 1 or not isinstance(parents[0].template, nodes.Const):
        return Outline("", blocks, (), called)
    loose = tuple((block.name, block.lineno) for node in tree.body[at:] for block in _outermost(node))
    return Outline(str(parents[0].template.value), blocks, loose, called)


def _outermost(node: nodes.Node) -> Iterator[nodes.Block]:
    if isinstance(node, nodes.Block):
        yield node
    elif not isinstance(node, _SHOWING):
        for child in node.iter_child_nodes():
            yield from _outermost(child)


def unused(
    templates: tuple[Template, ...], outlines: Mapping[str, Outline], closures: Mapping[str, frozenset[str]]
) -> tuple[Diagnostic, ...]:
    """Find templates of the site, and blocks in them, that no page shows. `closures` has, for each template, those that it depends on."""
    if not any(template.own for template in templates):
        return ()
    # What a theme needs that another one lies over is not idle: it is there for sites that have the theme alone.
    pages = [template.name for template in templates if template.relative in TEMPLATES.values()]
    used = frozenset[str]().union(*(closures[name] for name in pages))
    called = frozenset[str]().union(*(one.called for one in outlines.values()))
    found: dict[Place, Diagnostic] = {}
    for template in templates:
        if not template.own:
            continue
        if template.name == template.relative and template.name not in used:
            found[Place(template.path)] = _unused_template(template, used)
        elif template.name in used:
            found |= {d.place: d for d in _unused_blocks(template, outlines, called)}
    return tuple(found.values())


def _unused_template(template: Template, used: frozenset[str]) -> Diagnostic:
    folder, base = template.path.removesuffix(template.relative), template.relative.rpartition("/")[2]
    # All end alike, so that the rest alone tells which one is near.
    known = {PurePosixPath(name).with_suffix("").as_posix(): name for name in sorted(used)}
    meant = closest(PurePosixPath(template.relative).with_suffix("").as_posix(), known)
    if base in used:
        remedy = f"move it to {folder}{base}"
    else:
        remedy = f'did you mean "{known[meant]}"?' if meant else "include it in a template that pages use, or delete it"
    return problem("unused-template", f'no page uses a template of the name "{template.relative}"', template.path, remedy)


def _unused_blocks(template: Template, outlines: Mapping[str, Outline], called: frozenset[str]) -> Iterator[Diagnostic]:
    above, parent = set[str](), outlines[template.name].extends
    chain = {template.name}
    while parent and parent not in chain:
        if parent not in outlines:
            # Filling the page says that it is not there.
            return
        chain.add(parent)
        above |= outlines[parent].blocks
        parent = outlines[parent].extends
    lines = _LINE_END.split(template.source)
    for name, line in outlines[template.name].loose:
        if name in above or name in called:
            continue
        word = re.search(rf"\bblock\s+({re.escape(name)})\b", lines[line - 1])
        place = Place(template.path, line, word.start(1) + 1 if word else 0, len(name))
        blocks = f"the blocks there are {listing(sorted(above))}" if above else "there is none"
        remedy = did_you_mean(name, above, f"{blocks}; put this one inside one of them, or delete it" if above else "delete it")
        message = f'the block "{name}" is shown nowhere: what this template extends has no block of the name'
        yield problem("unused-template", message, place, remedy)
