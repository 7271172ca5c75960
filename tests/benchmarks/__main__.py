"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.benchmarks.corpus import Corpus
from tests.benchmarks.generators import GENERATORS, PEERS, find, version
from tests.benchmarks.measure import BuildFailedError
from tests.benchmarks.rounds import MODES, Result, measure
from tests.benchmarks.sites import Site, link_modules, write_sites
from tests.benchmarks.tables import markdown, terminal

WORK = Path(__file__).parent.parent.parent / ".benchmarks"
KEYS = tuple(generator.key for generator in GENERATORS)
USUAL = tuple(key for key in KEYS if key != "ledgers")
"""What is measured where nobody asks for more: other generators have no ledgers."""

EXAMPLES = f"""
what is measured:
{"".join(f"  {mode:10} {meaning}{chr(10)}" for mode, meaning in MODES.items())}
Other generators take part when their programs are on the PATH, or in a folder that
{PEERS} names (several are separated as in PATH).

examples:
  make bench
  make bench BENCH="--notes 1000,10000 --rounds 5"
  make bench BENCH="--generators equal,hugo --modes edit,title --notes 10000"
  {PEERS}=~/peers/bin make bench BENCH=--markdown
"""


def main(arguments: Sequence[str], folder: Path = WORK) -> int:
    """Write the sites below `folder`, run the rounds that the `arguments` ask for, print the tables; return the exit code."""
    options = _parser().parse_args(arguments)
    found = [(generator, find(generator)) for generator in GENERATORS if generator.key in options.generators]
    present = [(generator, executable) for generator, executable in found if executable]
    absent = [generator.label for generator, executable in found if not executable]
    if absent:
        _say(f"Not found, and left out: {', '.join(absent)}. They may be on the PATH, or in a folder that {PEERS} names.\n\n")
    if not present:
        return 1
    _say(f"{', '.join(dict.fromkeys(version(path, g) for g, path in present))}; {os.cpu_count()} cores; seed {options.seed}\n\n")
    results: list[Result] = []
    folder.mkdir(exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder))
    try:
        for notes in options.notes:
            sites = [(Site(generator, work / f"{generator.key}-{notes}", notes), path) for generator, path in present]
            _progress(f"writing {notes:,} notes")
            write_sites((site for site, _ in sites), Corpus(options.seed))
            for site, executable in sites:
                link_modules(site, executable)
            for mode in options.modes:
                results.append(measure(mode, sites, options.rounds, _progress))
                _progress("")
                _say(terminal(results[-1]) + "\n")
    except BuildFailedError as error:
        _say(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        _progress("")
        if options.keep:
            _say(f"The sites are in {work}\n\n")
        else:
            shutil.rmtree(work, ignore_errors=True)
            with suppress(OSError):
                folder.rmdir()
    if options.markdown:
        _say(markdown(results))
    else:
        _say('More: make bench BENCH="--notes 1000,10000 --rounds 5"; BENCH=--help says what else there is.\n')
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "make bench",
        usage='make bench BENCH="[options]"',
        description="Time builds of the same notes by several generators, side by side.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--notes", type=_numbers, default=(1000,), metavar="N,…", help="numbers of notes (default: 1000)")
    parser.add_argument("--rounds", type=_number, default=3, metavar="N", help="builds of each kind by each generator (default: 3)")
    parser.add_argument("--modes", type=_some(tuple(MODES)), default=tuple(MODES), metavar="M,…", help=f"of {', '.join(MODES)}")
    parser.add_argument(
        "--generators", type=_some(KEYS), default=USUAL, metavar="G,…", help=f"of {', '.join(KEYS)}; ledgers only if asked for"
    )
    parser.add_argument("--seed", default="dispatches", help="another seed is another corpus of the same form")
    parser.add_argument("--markdown", action="store_true", help="print all results as a table in Markdown, too")
    parser.add_argument("--keep", action="store_true", help=f"leave the sites in {WORK.name}/ to be looked at")
    return parser


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(_number(part) for part in text.split(","))


def _some(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A reader of lists whose words must be `known`."""

    def read(text: str) -> tuple[str, ...]:
        words = tuple(text.split(","))
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(f"there is no {word!r}; known are {', '.join(known)}")
        return words

    return read


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _progress(text: str) -> None:
    """Show what is being done, on a terminal only, where the next message takes its place."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


if __name__ == "__main__":
    # So that whatever ends this also ends the build that runs, and takes the sites away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
