"""Numbers as authors write them: decimal, with every digit kept."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-−]?\d+,(?:\d{1,2}|\d{4,})|[-−]?0,\d+", re.ASCII)


class Number:
    """A decimal number that keeps its digits as written: `1.50` is more precise than `1.5`."""

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str) -> None:
        """Read `text`; raise ValueError when it is not a decimal number."""
        if not _NUMBER.fullmatch(text):
            # One comma that parts no thousands is that of a decimal fraction.
            pointed = text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
            bare = pointed.translate(str.maketrans("", "", ", _'’\u00a0\u202f")).replace("−", "-")
            remedy = f"write {bare}" if _NUMBER.fullmatch(bare) else "write it in decimal digits, as in 20 or 4.5, with its unit elsewhere"
            raise ValueError(f'"{text}" is not a number; {remedy}')
        object.__setattr__(self, "text", text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Number is immutable")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Number({self.text!r})"

    def __reduce__(self) -> tuple[type[Number], tuple[str]]:
        return (Number, (self.text,))

    @property
    def shown(self) -> str:
        """Return the number for readers, with separators between thousands and a real minus sign."""
        whole, point, rest = self.text.lstrip("-").partition(".")
        return ("−" if self.text.startswith("-") else "") + f"{int(whole):,}" + point + rest
