"""Options that several commands share: the site, the instant, and the use of colour."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from briefings.cli.failures import Refusal
from briefings.engine.scan import CONFIG

if TYPE_CHECKING:
    from briefings.core.config import SiteConfig

COLOR = ("auto", "always", "never")

site_option = click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The site's folder. Default: the current one or the nearest above it that has content/site.yaml.",
)

MARKINGS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
"""The values of `--audience`, repeated here so that the schema need not be imported; a test compares both."""

audience_option = click.option(
    "--audience",
    type=click.Choice(MARKINGS, case_sensitive=False),
    metavar="MARKING",
    help="The highest marking that may be shown: TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT or TLP:RED. Default: that of site.yaml.",
)


_ADDRESS = re.compile(r"local|(?:(?:tcp|tls|ws|wss)://)?(?:[\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}", re.ASCII)


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    """Return the address of a scheduler, empty for none. Raises Refusal when the library that connects to it is not installed."""
    if value is None:
        return ""
    if not _ADDRESS.fullmatch(value):
        raise click.BadParameter(f'"{value}" is neither HOST:PORT, such as 192.0.2.7:8786, nor "local"')
    if importlib.util.find_spec("distributed") is None:
        raise Refusal("--scheduler needs Dask, which is not installed", "pip install 'briefings[cluster]'")
    return value


scheduler_option = click.option(
    "--scheduler",
    callback=_address,
    metavar="ADDRESS",
    help="Have the work done by the workers of the Dask scheduler at HOST:PORT, which you must trust; `local` starts one for a trial.",
)


def site_folder(site: Path | None) -> Path:
    """Return the resolved folder of the site: `site`, or the nearest one at or above the current folder. Raises Refusal without one."""
    if site is None:
        here = Path.cwd().resolve()
        for folder in (here, *here.parents):
            if (folder / CONFIG).is_file():
                return folder
        remedy = "go into a site's folder, name one with --site DIR, or make one: briefings new site DIR"
        raise Refusal(f"no {CONFIG} in {here} or above it; {remedy}")
    if not (site / CONFIG).is_file():
        raise Refusal(f"{site} is not a site: it has no {CONFIG}", f"begin one with `briefings new site {site}`")
    return site.resolve()


def site_config(site: Path) -> SiteConfig:
    """Read content/site.yaml. Raises Refusal when it has errors, and leaves their explanation to `briefings build`."""
    from briefings.content.parse import parse_config

    config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
    if config is None:
        raise Refusal(f"{site / CONFIG} has errors", "`briefings build` shows them")
    return config


def instant(now: str | None, site: Path) -> dt.datetime:
    """Return the instant of a build: `now` (a day begins in the site's time zone), or SOURCE_DATE_EPOCH, or the present.

    With an invalid site.yaml a day begins in UTC; the build reports the error then and shows nothing as of that instant.
    Raises click.UsageError for a text that is neither a day nor an instant with an offset.
    """
    if now is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if not epoch:
            return dt.datetime.now(dt.UTC)
        try:
            return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
        except (ValueError, OverflowError, OSError):
            raise click.UsageError(f'SOURCE_DATE_EPOCH is "{epoch}", but must be a number of seconds since 1970') from None
    from briefings.content.parse import parse_config
    from briefings.content.schema.dates import Moment, zone

    try:
        moment = Moment(now)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--now") from None
    config = None if moment.has_time else parse_config(CONFIG, (site / CONFIG).read_bytes())[0]
    return moment.start(zone(config.timezone) if config else dt.UTC)


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def near(folder: Path) -> str:
    """Return the path of `folder` as one would type it here: relative if it lies below the current folder."""
    absolute, here = Path(os.path.abspath(folder)), Path.cwd()  # noqa: PTH100 (resolve() would also follow links)
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(absolute)


def colored(choice: str, stream: TextIO) -> bool:
    """Whether to write colours to `stream`: as `choice` says, or else on a terminal that shows them, unless NO_COLOR is set."""
    if choice != "auto":
        return choice == "always"
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether `stream`, which may be closed, is a terminal that can move its cursor."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
