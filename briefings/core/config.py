"""What `content/site.yaml` may say."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

NOWHERE = "http://localhost/"
"""The address of a site whose settings give none."""

SEEN = (
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
"""A character that is no space, and of which something is seen."""
Shown = Annotated[str, Meta(min_length=1, pattern=SEEN)]
"""Text that readers must see: more than spaces and characters that are invisible."""
Editor = Literal["vscode", "cursor", "idea", "none"]
"""The editors that pages shown by `briefings serve` can open a file in."""
Marking = Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
"""A label of the Traffic Light Protocol 2.0, from what all may see to what only those may who were told."""
PositiveInt = Annotated[int, Meta(ge=1, le=1000)]


class NavigationItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the site's main navigation."""

    title: Shown
    """The words that readers click on."""
    to: str
    """A path from the site's root (`notes/`), an id (`actor:un`, `page:about`) or a web address."""


Article = Literal["news", "analysis", "background", "opinion", "reportage"]
"""What sort of article a note is, in the words of schema.org: `analysis` is an AnalysisNewsArticle."""


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of note."""

    name: Shown
    """What readers see: `Wire`, `Situation report`."""
    headings: tuple[str, ...] = ()
    """Headings that every note of this kind must have."""
    article: Article = "news"
    """What search engines are told that notes of this kind are."""


class PageSizes(Struct, frozen=True, forbid_unknown_fields=True):
    """How many notes a page lists before the list goes on to another page."""

    home: PositiveInt = 12
    """Notes on the home page after the first three."""
    notes: PositiveInt = 50
    """Notes on a page of the archive."""
    topic: PositiveInt = 40
    """Notes on a page of a topic."""
    actor: PositiveInt = 40
    """Notes on a page of an actor."""
    source: PositiveInt = 40
    """Citations on a page of a source."""


class Outputs(Struct, frozen=True, forbid_unknown_fields=True):
    """What a build writes besides the pages."""

    feeds: Literal["all", "site", "none"] = "all"
    """`feed.xml` and `feed.json`: of the site, each topic, each actor and corrections; of the site alone; or none."""
    documents: bool = True
    """`index.json` beside every page, and the schemas of these documents."""
    structured_data: bool = True
    """What pages tell search engines of themselves, in the words of schema.org."""
    sitemap: bool = True
    """`sitemap.xml`."""
    robots: bool = True
    """`robots.txt`."""
    manifest: bool = True
    """`manifest.webmanifest`, for a theme that has icons."""


class Images(Struct, frozen=True, forbid_unknown_fields=True):
    """How pictures are published."""

    metadata: Literal["keep", "strip"] = "keep"
    """Whether JPEG, PNG, WebP and GIF keep what they tell of their makers: Exif with GPS and camera, XMP, IPTC and comments."""


DEFAULT_KINDS: dict[str, Kind] = {
    "wire": Kind("Wire"),
    "brief": Kind("Brief", article="analysis"),
    "sitrep": Kind("Situation report", article="analysis"),
    "backgrounder": Kind("Backgrounder", article="background"),
    "digest": Kind("Digest"),
}

DEFAULT_NAVIGATION: tuple[NavigationItem, ...] = (
    NavigationItem("Notes", "notes/"),
    NavigationItem("Topics", "topics/"),
    NavigationItem("Actors", "actors/"),
    NavigationItem("Sources", "sources/"),
)


Level = Literal["error", "warning", "off"]
"""What a site may make of a kind of finding."""


class SiteConfig(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A site's settings."""

    title: Shown
    """The site's name, in the masthead and in every page's title."""
    description: str = ""
    """One line under the name."""
    url: str = NOWHERE
    """Where the site will stand, with its base path: `https://desk.example.org/briefings/`."""
    language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    """A BCP 47 language tag, such as en or pt-BR."""
    timezone: str = "UTC"
    """An IANA time zone: the day of a date without a time is that day here."""
    audience: Marking = "TLP:CLEAR"
    """The highest marking that a build contains unless it is asked for another."""
    theme: str = "folio"
    """The folder of the theme, in the site's `themes/` or among those that come with the program."""
    navigation: tuple[NavigationItem, ...] = DEFAULT_NAVIGATION
    """The main navigation, in order."""
    kinds: dict[str, Kind] = field(default_factory=lambda: dict(DEFAULT_KINDS))
    """The kinds of notes that this desk writes; replaces the built-in five."""
    page_sizes: PageSizes = PageSizes()
    """Lengths of paginated lists."""
    undeclared: Literal["warn", "error", "allow"] = "error"
    """What to do with topics and actors that notes use and no file declares."""
    outputs: Outputs = Outputs()
    """What is written besides the pages."""
    images: Images = Images()
    """How pictures are published."""
    ai_crawlers: Literal["allow", "refuse"] = "allow"
    """Whether robots.txt asks crawlers that gather texts for language models to stay away."""
    raw_html: bool = False
    """Whether Markdown may hold HTML, which is then sanitised."""
    footer: str = ""
    """One line at the foot of every page: who is responsible, under which licence."""
    severities: dict[str, Level] = {}
    """What becomes of warnings, by their code: `error` stops the build, `off` is not told at all. An error stays one."""
    editor: Editor = "vscode"
    """The editor in which `briefings serve` opens a file that a link of its own leads to."""
