"""The schema of `content/site.yaml`: the settings of a site."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field, structs

from briefings.core.language import Language

NOWHERE = "http://localhost/"
"""The site's address where site.yaml gives no `url`."""

SEEN = (
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
"""A regular expression for one character that readers can see: neither a space nor an invisible character."""
VisibleText = Annotated[str, Meta(min_length=1, pattern=SEEN)]
"""A text with at least one character that readers can see."""
Editor = Literal["vscode", "cursor", "idea", "none"]
"""The editor in which a page of `briefings serve` opens a file; `none` for no such links."""
Marking = Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
"""A label of the Traffic Light Protocol 2.0, from the most public (TLP:CLEAR) to the most restricted (TLP:RED)."""
PositiveInt = Annotated[int, Meta(ge=1, le=1000)]


class NavigationItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the site's main navigation."""

    title: VisibleText
    """The words that readers click on."""
    to: str
    """A path from the site's root (`notes/`), an id (`actor:un`, `page:about`) or a web address."""


Article = Literal["news", "analysis", "background", "opinion", "reportage"]
"""What sort of article a note is, in the words of schema.org: `analysis` is an AnalysisNewsArticle."""


class NoteKind(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of note."""

    name: VisibleText
    """What readers see: `Wire`, `Situation report`."""
    headings: tuple[str, ...] = ()
    """Headings that every note of this kind must have."""
    article: Article = "news"
    """The type of schema.org article that search engines read on notes of this kind."""


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
    ledger: PositiveInt = 100
    """Entries on a page of a ledger, such as that of all corrections."""


class Outputs(Struct, frozen=True, forbid_unknown_fields=True):
    """What a build writes besides the pages."""

    feeds: Literal["all", "site", "none"] = "all"
    """`feed.xml` and `feed.json`: of the site, each topic, each actor, corrections and changes; of the site alone; or none."""
    documents: bool = True
    """`index.json` beside every page, and the schemas of these documents."""
    structured_data: bool = True
    """What pages tell search engines of themselves, in the words of schema.org."""
    sitemap: bool = True
    """`sitemap.xml`."""
    robots: bool = True
    """`robots.txt`, which tells crawlers what they may read."""
    positions: bool = True
    """`positions/`: the page of who stands where, once there is a position."""
    figures: bool = True
    """`figures/`: the page of all that is measured and a page for each measure, once there is a value."""
    changes: bool = True
    """`changes/`: what is new, updated, corrected and withdrawn, week by week, once more than new notes is to be told."""
    quotations: bool = True
    """`quotations/`: the pages of all quotations, and of those of each year and speaker, once there is one."""
    connections: bool = True
    """`connections/`: the pages of who is named on which topics and with whom, once two actors are named on two topics."""
    corrections: bool = True
    """`corrections/`: the page of all corrections, once there is one."""
    timeline: bool = True
    """`timeline/`: the page of all events, once there is one."""
    calendar: bool = True
    """`calendar/`: the page of all events that are ahead, as long as there are any."""
    calendars: Literal["all", "site", "none"] = "all"
    """`calendar.ics`, with events for other programs: of the site, each topic and each actor; of the site alone; or none."""
    judgements: bool = True
    """`judgements/`: the page of all judgements and of how right they were, once there is one."""
    search: bool = True
    """`search/`: the page that finds notes, and what it searches."""
    tables: bool = True
    """Ledgers as CSV files, beside their pages: `figures/figures.csv`."""
    manifest: bool = True
    """`manifest.webmanifest`, for a theme that has icons."""


class Images(Struct, frozen=True, forbid_unknown_fields=True):
    """How pictures are published."""

    metadata: Literal["keep", "strip"] = "keep"
    """Whether JPEG, PNG, WebP and GIF keep their metadata: Exif with GPS and camera, XMP, IPTC and comments."""


DEFAULT_KINDS: dict[str, NoteKind] = {
    "wire": NoteKind("Wire"),
    "brief": NoteKind("Brief", article="analysis"),
    "sitrep": NoteKind("Situation report", article="analysis"),
    "backgrounder": NoteKind("Backgrounder", article="background"),
    "digest": NoteKind("Digest"),
}

DEFAULT_NAVIGATION: tuple[NavigationItem, ...] = (
    NavigationItem("Notes", "notes/"),
    NavigationItem("Topics", "topics/"),
    NavigationItem("Actors", "actors/"),
    NavigationItem("Sources", "sources/"),
)


Level = Literal["error", "warning", "off"]
"""How severe a site makes a finding; `off` leaves it out of every report."""


LikelihoodScale = Literal["icd-203", "phia"]
"""A scale of terms of likelihood: that of the United States' intelligence community, or the yardstick of the United Kingdom's."""


class SiteConfig(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A site's settings."""

    title: VisibleText
    """The site's name, in the masthead and in every page's title."""
    description: str = ""
    """One line under the name."""
    url: str = NOWHERE
    """Where the site will stand, with its base path: `https://desk.example.org/briefings/`."""
    language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    """A BCP 47 language tag, such as en or pt-BR."""
    timezone: str = "UTC"
    """An IANA time zone; a date without a time is that day in this zone."""
    audience: Marking = "TLP:CLEAR"
    """The highest marking that a build contains, unless `--audience` names another."""
    theme: str = "folio"
    """The folder of the theme, in the site's `themes/` or among those that come with the program."""
    navigation: tuple[NavigationItem, ...] = DEFAULT_NAVIGATION
    """The main navigation, in order."""
    kinds: dict[str, NoteKind] = field(default_factory=lambda: dict(DEFAULT_KINDS))
    """The kinds of notes that this desk writes; replaces the built-in five."""
    page_sizes: PageSizes = PageSizes()
    """How many notes each paginated list has on a page."""
    mentions: Literal["link", "none"] = "link"
    """Whether the first mention of an actor by name in the text of a note links to its page, and counts as a role there."""
    undeclared: Literal["warn", "error", "allow"] = "error"
    """What to do with topics and actors that notes use and no file declares."""
    likelihood: LikelihoodScale = "icd-203"
    """The scale on which notes judge what is likely."""
    outputs: Outputs = Outputs()
    """What is written besides the pages."""
    scripts: Literal["all", "none"] = "all"
    """Whether pages may have the scripts of the theme; without them, everything can be read all the same."""
    images: Images = Images()
    """How pictures are published."""
    ai_crawlers: Literal["allow", "refuse"] = "allow"
    """Whether robots.txt asks crawlers that gather texts for language models to stay away."""
    raw_html: bool = False
    """Whether Markdown may hold HTML, which is then sanitised."""
    footer: str = ""
    """One line at the foot of every page: who is responsible, under which licence."""
    severities: dict[str, Level] = {}
    """Severities of warnings, by code: `error` stops the build, `off` leaves the warning out. An error stays an error."""
    editor: Editor = "vscode"
    """The editor in which links on pages of `briefings serve` open a file."""


def is_searched(config: SiteConfig) -> bool:
    """Whether the settings let search have the texts of the site."""
    return config.outputs.search and config.scripts == "all"


def kinds_in(language: Language, kinds: dict[str, NoteKind]) -> dict[str, NoteKind]:
    """Return `kinds` with the program's own names translated into `language`; names from site.yaml stay."""
    names = {
        "wire": language.gettext("Wire"),
        "brief": language.gettext("Brief"),
        "sitrep": language.gettext("Situation report"),
        "backgrounder": language.gettext("Backgrounder"),
        "digest": language.gettext("Digest"),
    }
    if kinds != DEFAULT_KINDS:
        return kinds
    return {key: structs.replace(kind, name=names[key]) for key, kind in kinds.items()}
