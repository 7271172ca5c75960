"""Where the themes are that come with the program."""

from __future__ import annotations

from pathlib import Path


def built_in_themes() -> Path:
    """The folder of the built-in themes: inside the package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"
