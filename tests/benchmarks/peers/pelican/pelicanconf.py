"""Pelican's settings: tags stand for topics, authors for actors."""

SITENAME = "Dispatches"
SITEURL = "https://example.org"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []
PLUGINS: list[str] = []
ARTICLE_PATHS = ["notes"]
PAGE_PATHS: list[str] = []
STATIC_PATHS = ["plain.css"]
MARKDOWN = {"extensions": ["markdown.extensions.extra"], "output_format": "html5"}
DEFAULT_PAGINATION = False

ARTICLE_URL = "notes/{slug}/"
ARTICLE_SAVE_AS = "notes/{slug}/index.html"
TAG_URL = "topics/{slug}/"
TAG_SAVE_AS = "topics/{slug}/index.html"
TAGS_SAVE_AS = "topics/index.html"
AUTHOR_URL = "actors/{slug}/"
AUTHOR_SAVE_AS = "actors/{slug}/index.html"
AUTHORS_SAVE_AS = "actors/index.html"
DEFAULT_CATEGORY = "notes"
CATEGORY_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "tags", "authors", "sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"

FEED_ALL_RSS = "feed.xml"
FEED_MAX_ITEMS = 20
RSS_FEED_SUMMARY_ONLY = True
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
TRANSLATION_FEED_ATOM = None
