"""The known stray tokens of ``glossary/stray.yaml``, as data for the stray-token rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cleaners import resources, yamlsource
from cleaners.core import Level
from cleaners.yamlsource import Node

_KEYS = ("surface", "origin", "kind", "case", "level", "mechanism", "example")
_OPTIONAL = ("after",)
_PLACES = ("quotation", "statement", "exclamation", "anything")


@dataclass(frozen=True, slots=True)
class StrayToken:
    """One token that stands astray; the fields are told in the head of ``stray.yaml``."""

    surface: str
    origin: str
    kind: str
    lower_only: bool
    level: Level
    mechanism: str
    example: str
    after: str = "statement"


@lru_cache(maxsize=1)
def shipped_tokens() -> tuple[StrayToken, ...]:
    """The tokens that ship with the program."""
    return read_tokens(resources.glossary_folder() / "stray.yaml", "glossary/stray.yaml")


def read_tokens(path: Path, name: str | None = None) -> tuple[StrayToken, ...]:
    """The tokens of one file; raises :class:`MtcleanError` with the place of what is wrong."""
    root = yamlsource.load(path, name)
    top = root.mapping(("tokens",), "a stray-token file")
    if "tokens" not in top:
        raise root.fail("a stray-token file needs the key 'tokens'", "add 'tokens:' above the list")
    return tuple(_token(node) for node in top["tokens"].items("tokens"))


def _token(node: Node) -> StrayToken:
    keys = node.mapping((*_KEYS, *_OPTIONAL), "a stray token")
    for needed in _KEYS:
        if needed not in keys:
            raise node.fail(f"the token has no {needed!r}", "add it")
    return StrayToken(
        surface=keys["surface"].string("surface"),
        origin=keys["origin"].choice("origin", ("ja", "zh")),
        kind=keys["kind"].choice("kind", ("tail", "stop", "run", "content")),
        lower_only=keys["case"].choice("case", ("lower", "exact")) == "lower",
        level=Level(keys["level"].choice("level", tuple(Level))),
        mechanism=keys["mechanism"].string("mechanism"),
        example=keys["example"].string("example"),
        after=keys["after"].choice("after", _PLACES) if "after" in keys else "statement",
    )
