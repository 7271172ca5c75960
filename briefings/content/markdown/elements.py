"""The elements of HTML, each named once: what a text may have of them, and what is left out."""

from __future__ import annotations

from typing import Final

INLINE: Final = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strong", "sub", "sup", "time", "u", "var",
}  # fmt: skip
"""Elements of a line that a text may have. One that is not closed would reach to the end of the text."""
KEPT: Final = INLINE | {
    "br", "data", "img", "input", "rp", "rt", "ruby", "wbr",
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "h5",
    "h6", "hr", "li", "ol", "p", "pre", "section", "summary", "ul",
    "caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
}  # fmt: skip
"""All elements that a text may have."""
LEFT_OUT: Final = {
    "applet", "area", "audio", "base", "basefont", "big", "blink", "body", "button", "canvas", "center", "datalist", "dialog", "dir",
    "embed", "fieldset", "font", "footer", "form", "frame", "frameset", "h1", "head", "header", "hgroup", "html", "iframe", "label",
    "legend", "link", "main", "map", "marquee", "math", "menu", "meta", "meter", "nav", "nobr", "noembed", "noframes", "noscript",
    "object", "optgroup", "option", "output", "param", "picture", "plaintext", "progress", "rb", "rtc", "script", "search", "select",
    "slot", "source", "strike", "style", "svg", "template", "textarea", "title", "track", "tt", "video", "xmp",
}  # fmt: skip
"""Elements that are removed. A name that is neither here nor among those kept is no element, but text."""
ATTRIBUTES: Final = {
    "*": {"class", "id", "title", "lang", "dir", "role", "tabindex", "aria-label", "aria-labelledby", "aria-describedby", "aria-hidden"},
    "a": {"href", "hreflang"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "input": {"checked"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
}
"""The attributes that each kept element may have; `*` for all elements."""
