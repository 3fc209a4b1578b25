"""What a document tells of the language it was translated from, as data; :mod:`cleaners.origin` finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one language; ``kind`` is a rule's code, ``script``, ``source`` or ``names``."""

    language: str
    kind: str
    count: int
    words: tuple[str, ...]
    weight: float = 0.0

    def fields(self) -> dict[str, Any]:
        """The evidence as it stands in a trail's header."""
        return {"kind": self.kind, "count": self.count, "words": list(self.words)}


@dataclass(frozen=True, slots=True)
class Guess:
    """The language that a document seems to come from, ``None`` where that is not clear, and what speaks for which."""

    language: str | None = None
    evidence: tuple[Evidence, ...] = ()
