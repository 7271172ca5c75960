"""Where GitHub Pages puts a site, and what `url` must then be."""

from __future__ import annotations

import pytest

from briefings.core.diagnostics import CODES
from briefings.core.urls import own_domain
from briefings.deploy.addresses import Repository, address_problems, repository


@pytest.mark.parametrize(
    ("remote", "found"),
    [
        ("https://github.com/Ada/desk.git", Repository("Ada", "desk")),
        ("https://github.com/ada/desk", Repository("ada", "desk")),
        ("https://github.com/ada/desk/", Repository("ada", "desk")),
        ("https://token@github.com/ada/desk.git", Repository("ada", "desk")),
        ("git@github.com:ada/desk.git", Repository("ada", "desk")),
        ("ssh://git@github.com/ada/desk.git", Repository("ada", "desk")),
        ("ssh://git@github.com:22/ada/desk", Repository("ada", "desk")),
        ("https://GitHub.com/ada/ada.github.io.git", Repository("ada", "ada.github.io")),
        ("https://github.com.evil.example/ada/desk.git", None),
        ("https://evilgithub.com/ada/desk.git", None),
        ("https://gitlab.example/ada/desk.git", None),
        ("../desk.git", None),
        ("", None),
    ],
)
def test_which_repository_a_remote_is(remote: str, found: Repository | None) -> None:
    assert repository(remote) == found


PROJECT, USER = "git@github.com:Ada/desk.git", "https://github.com/ada/ada.github.io"
GOOD = [
    ("https://ada.github.io/desk/", PROJECT),
    ("https://ada.github.io/desk", PROJECT),
    ("https://Ada.GitHub.io/desk/", PROJECT),
    ("https://desk.example.org/", PROJECT),
    ("http://desk.example.org", PROJECT),
    ("https://ada.example.org/desk/", PROJECT),
    ("https://ada.github.io/", USER),
    ("https://ada.github.io", USER),
    ("https://www.ada.example.org/", USER),
    ("https://ada.github.io/elsewhere/", "https://git.example/ada/desk"),
    ("http://localhost/", "../desk.git"),
]


@pytest.mark.parametrize(("url", "remote"), GOOD)
def test_right_addresses(url: str, remote: str) -> None:
    assert list(address_problems(url, remote)) == []


WRONG = [
    ("http://localhost/", PROJECT, "is not set", "https://ada.github.io/desk/"),
    ("https://ada.github.io/", PROJECT, "at /desk/, not at /", "https://ada.github.io/desk/"),
    ("https://ada.github.io/Desk/", PROJECT, "at /desk/, not at /Desk/", "https://ada.github.io/desk/"),
    ("https://ada.github.io/desk/notes/", PROJECT, "not at /desk/notes/", "https://ada.github.io/desk/"),
    ("http://ada.github.io/desk/", PROJECT, "by https", "https://ada.github.io/desk/"),
    ("https://eve.github.io/desk/", PROJECT, "at ada.github.io, not at eve.github.io", "https://ada.github.io/desk/"),
    ("https://ada.github.io/ada.github.io/", USER, "at / of its host", "https://ada.github.io/"),
    ("https://desk.example.org/other/", PROJECT, "not at /other/", "https://desk.example.org/"),
    ("https://desk.example.org:8443/", PROJECT, "ports", "https://ada.github.io/desk/"),
    ("https://203.0.113.7/", PROJECT, "IP addresses", "https://ada.github.io/desk/"),
]


@pytest.mark.parametrize(("url", "remote", "message", "remedy"), WRONG)
def test_wrong_addresses(url: str, remote: str, message: str, remedy: str) -> None:
    (found,) = address_problems(url, remote)
    assert message in found.message
    assert f"url: {remedy}" in found.remedy
    assert (found.code, found.severity) == ("address-mismatch", CODES["address-mismatch"].severity)
    assert (found.place.path, found.place.key) == ("content/site.yaml", "url")
    # What it says to write is right.
    assert list(address_problems(remedy, remote)) == []


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://desk.example.org/", "desk.example.org"),
        ("http://WWW.desk.example.org", "www.desk.example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://BÜCHER.Example:443/", "xn--bcher-kva.example"),
        ("https://例え.テスト/", "xn--r8jz45g.xn--zckzah"),
        ("https://desk.example.org/briefings/", ""),
        ("https://ada.github.io/", ""),
        ("http://localhost/", ""),
        ("https://203.0.113.7/", ""),
    ],
)
def test_which_domain_the_host_is_told(url: str, domain: str) -> None:
    assert own_domain(url) == domain
