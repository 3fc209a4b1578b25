"""Where the data that ships with the program lies, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def glossary_folder() -> Path:
    """The folder of the shipped glossary files."""
    installed = _PACKAGE / "data" / "glossary"
    return installed if installed.is_dir() else _PACKAGE.parent / "glossary"
