"""The names and addresses of a server: those under which it may be asked, and those that are told to people."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from typing import NamedTuple

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Endpoint(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """Its address on this machine, without the site's own path."""
        return f"http://{self._with_port(self.host)}"

    def addresses_for_others(self, base: str) -> Iterator[str]:
        """The addresses at which other machines find a site whose root is at `base`."""
        for name in () if is_loopback(self.host) else names_for_others(self.host):
            yield f"http://{self._with_port(name)}{base}"

    def _with_port(self, host: str) -> str:
        name = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104 - compared, not bound
        return f"[{name}]:{self.port}" if ":" in name else f"{name}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_of(host: str) -> frozenset[str]:
    """The names under which a server at `host` may be asked, besides those of the loopback."""
    names = LOOPBACK_NAMES | {host.lower()}
    if not _is_everywhere(host):
        return names
    own = socket.gethostname().lower()
    return names | {own, f"{own}.local", own.partition(".")[0]} | _addresses(own)


def names_for_others(host: str) -> tuple[str, ...]:
    """Under which names other machines may find a server at `host`: where it listens everywhere, this machine's own and its addresses."""
    if not _is_everywhere(host):
        return (host,)
    own = socket.gethostname().lower()
    wanted = "." if "." in host else ""
    return (own, *sorted(a for a in _addresses(own) if wanted in a and not is_loopback(a)))


def _is_everywhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _addresses(own: str) -> set[str]:
    """The addresses of this machine: those of its name, and the one from which it reaches others."""
    found = set()
    with contextlib.suppress(OSError):
        found = {str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(own, None)}
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                # Nothing is sent: this only asks the system which of its addresses it would take.
                probe.connect((far, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue
    return found
