"""The host names of a server: those that it answers to, and those that are shown to people."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from typing import NamedTuple

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Endpoint(NamedTuple):
    """Where a server listens: host and port."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """The server's address on this machine, without the path of the site."""
        return f"http://{self._with_port(self.host)}"

    def addresses_for_others(self, base: str) -> Iterator[str]:
        """Yield the addresses at which other machines reach a site with the path `base`."""
        for name in () if is_loopback(self.host) else names_for_others(self.host):
            yield f"http://{self._with_port(name)}{base}"

    def _with_port(self, host: str) -> str:
        name = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104 - compared, not bound
        return f"[{name}]:{self.port}" if ":" in name else f"{name}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether `host` is a loopback address, so that only this machine can reach the server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names_of(host: str) -> frozenset[str]:
    """Return the host names that a server listening at `host` answers to."""
    names = LOOPBACK_NAMES | {host.lower()}
    if not _is_everywhere(host):
        return names
    own = socket.gethostname().lower()
    return names | {own, f"{own}.local", own.partition(".")[0]} | _addresses(own)


def names_for_others(host: str) -> tuple[str, ...]:
    """Return the names under which other machines may reach a server at `host`; for a wildcard, the name and addresses of this machine."""
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
    """Return the addresses of this machine: those of its name `own`, and those from which it reaches other machines."""
    found = set()
    with contextlib.suppress(OSError):
        found = {str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(own, None)}
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                # Nothing is sent: this only asks the system which of its addresses it would use.
                probe.connect((far, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue
    return found
