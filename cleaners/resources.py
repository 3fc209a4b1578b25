"""Where the data that ships with the program lies, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def glossary_folder() -> Path:
    """The folder of the shipped glossary files."""
    installed = _PACKAGE / "data" / "glossary"
    return installed if installed.is_dir() else _PACKAGE.parent / "glossary"


def portable(place: str) -> str:
    """A place (``file:line``) of a shipped glossary file as ``glossary/file:line``, the same on every machine."""
    path, _, line = place.rpartition(":")
    if Path(path).parent == glossary_folder():
        return f"glossary/{Path(path).name}:{line}"
    return place
