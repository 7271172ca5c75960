"""Inline rules of our own: citations, quoted figures, and attributes of images."""

from __future__ import annotations

import re
from collections.abc import Collection
from unicodedata import normalize

from markdown_it.rules_inline import StateInline, image

_CITATION = re.compile(r"\[@[^\W_][\w.-]*(?:[,;][ \n]*[^\[\]]*[^\[\]\s])?\]")
_BRACKETS = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")
_BEGUN = re.compile(r"\[@([^\W_](?:[\w.-]*\w)?)(?![\w-])(?![^\[\]]*\])")
"""A citation that does not end, or that has brackets inside."""
_JOINTS = frozenset(("and", "or", "und", "oder", "et", "y", "e", "&", "+"))
"""Words between two sources that are no locator, such as a page number."""
_NAMED = re.compile(r"(?<!\w)@\s*([^\W_](?:[\w.-]*\w)?)")
_NEXT = re.compile(r"[,;]\s*(?=@)")
_CITED = re.compile(r"@([^\W_][\w.-]*)(?:,\s*(.*\S))?", re.DOTALL)
_FIGURE = re.compile(r"\{figure:[ ]*([^\s{}]+)[ ]*\}")
_ATTRIBUTES = re.compile(
    r"""
    \{ (?: [ \n]* (?:
        [.\#][\w-]++
        | (?:width|height)=\d{1,5}+(?![\w%])
        | (?:width|height)="\d{1,5}"
        | (?:title|alt)="[^"\n]*"
    ) )++ [ \n]* \}
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r'([.#])([\w-]+)|(width|height|title|alt)="?((?<=")[^"]*|\d+)')


def cited(written: str) -> tuple[tuple[str, str], ...]:
    """Return the ids in a citation, each with its locator, which may be empty; nothing for text that is no citation."""
    parts = [_CITED.fullmatch(part) for part in _NEXT.split(written[1:-1])]
    return tuple((part[1], part[2] or "") for part in parts if part) if all(parts) else ()


def citation(state: StateInline, silent: bool) -> bool:
    """Parse `[@s1]`, `[@s1, p. 4]` or `[@s1; @s2]`, after links, so that labels and definitions of that form stay valid CommonMark.

    If the parser's environment has `citations`, the ids of a note's sources, then brackets that name one of them and are no valid
    citation become a token of their own.
    """
    found = _CITATION.match(state.src, state.pos, state.posMax)
    sources = cited(found[0]) if found else ()
    if not sources:
        known: Collection[str] = state.env.get("citations", ())
        found = _BRACKETS.match(state.src, state.pos, state.posMax) or _BEGUN.match(state.src, state.pos, state.posMax) if known else None
        if found is None or not any(normalize("NFC", id_) in known for id_ in _NAMED.findall(found[0])):
            return False
    if found is not None and not silent:
        token = state.push("citation", "", 0)
        token.content = found[0]
        token.meta = {"sources": sources}
    state.pos = found.end() if found else state.pos
    return True


def figure(state: StateInline, silent: bool) -> bool:
    """Parse `{figure:measure}`, which quotes a number; the token's content is the id of the measure."""
    found = _FIGURE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("figure", "", 0)
        token.content, token.markup = normalize("NFC", found[1]), found[0]
    state.pos = found.end()
    return True


def as_citation(written: str, known: Collection[str]) -> str:
    """Return the citation that was probably meant by invalid brackets which name one of the `known` sources."""
    inside = " ".join(written[1:-1].split())
    named = [found for found in _NAMED.finditer(inside) if normalize("NFC", found[1]) in known]
    before = inside[: named[0].start()].strip(" ,;:.^*_-")
    parts = []
    for found, end in zip(named, [*[other.start() for other in named[1:]], len(inside)], strict=True):
        behind = re.sub(r"\A['’]s\b", "", inside[found.end() : end]).strip(" ,;:.@|/*_-–—()")
        behind = "" if behind.lower() in _JOINTS else behind
        parts.append(f"@{found[1]}, {behind}" if behind else f"@{found[1]}")
    return f"{before} [{'; '.join(parts)}]".strip()


def image_with_attributes(state: StateInline, silent: bool) -> bool:
    """Parse an image, and right behind it attributes such as `{#id .class width=400 height=300 title="…" alt="…"}`."""
    if not image(state, silent):
        return False
    if state.pos < state.posMax and state.src[state.pos] == "{":
        found = _ATTRIBUTES.match(state.src, state.pos, state.posMax)
        if found is not None:
            state.pos = found.end()
            if not silent:
                attributes = state.tokens[-1].attrs
                for sign, name, key, value in _ATTRIBUTE.findall(found[0]):
                    if sign == ".":
                        attributes["class"] = f"{attributes['class']} {name}" if "class" in attributes else name
                    elif sign == "#":
                        attributes["id"] = name
                    else:
                        instead = state.tokens[-1].content if key == "alt" else attributes.get(key, "")
                        if instead and instead != value:
                            state.tokens[-1].meta["replaced"] = instead
                        attributes[key] = value
    return True
