"""What runs a rewrite model: one protocol, and how its settings are read.

A backend gets masked segments and gives candidates and log-probabilities; it knows nothing of findings and guards.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from cleaners.errors import MtcleanError
from cleaners.rewrite import masking

SHIPPED = Path(__file__).parent / "model"
PLACEHOLDER = "{text}"
BEAMS = 4  # candidates that a model is asked for
_SLACK = 12  # pieces by which an answer may outgrow its segment, besides a quarter of it
_SPELLED = {masking.NAMES: "NAME", masking.FIGURES: "NUM", masking.DATES: "DATE", masking.OTHERS: "ITEM"}
_SPELLING = re.compile(r"(?<![^\W\d])(NAME|NUM|DATE|ITEM)_?(\d{1,2})(?!\d|[a-z])")


class Backend(Protocol):
    """A sequence-to-sequence model that can propose and score."""

    def propose(self, texts: Sequence[str], beams: int) -> list[list[str]]:
        """Up to ``beams`` candidates for each masked segment, likeliest first; none for one that is too long."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """The log-probability, in nats, of each target given its source, both masked."""


@dataclass(frozen=True, slots=True)
class Options:
    """The table ``[rewrite]`` of the settings.

    ``model``: a folder or a hub id, by default the shipped model; ``backend``: ``transformers``, ``ctranslate2`` or
    ``auto``, the faster one that is installed; ``device`` and ``dtype`` as torch names them, ``auto`` being int8 in
    CTranslate2, and in transformers bfloat16 on a processor that computes in it, else float32; ``required``: whether a
    run without the model is an error; ``prompt``: a template with ``{text}`` in it, for models that are instructed;
    ``threads``: how many threads it runs in, 0 for one a core; ``pickled_weights``: whether weights may be read that
    are not safetensors; ``safe_gain`` and ``suggest_gain``: by how many nats a candidate must be likelier than the
    original, in place of the model's own thresholds.
    """

    model: str = str(SHIPPED)
    backend: str = "auto"
    device: str = "cpu"
    dtype: str = "auto"
    required: bool = False
    prompt: str | None = None
    threads: int = 0
    pickled_weights: bool = False
    safe_gain: float | None = None
    suggest_gain: float | None = None

    @classmethod
    def of(cls, table: bool | Mapping[str, Any]) -> Options:
        """The options that a settings table gives."""
        return cls() if isinstance(table, bool) else cls(**table)

    @property
    def cores(self) -> int:
        """The threads to run in."""
        return self.threads or len(os.sched_getaffinity(0))

    @property
    def is_shipped(self) -> bool:
        """Whether the model is the one that comes with the program."""
        return Path(self.model) == SHIPPED


class UnavailableError(MtcleanError):
    """The model or what runs it is not there."""


def is_missing(package: str) -> bool:
    """Whether a package is not installed; nothing is imported."""
    return find_spec(package) is None


def check_folder(model: str) -> None:
    """Raise :class:`UnavailableError` where ``model`` is no folder with weights in safetensors and a tokeniser."""
    folder = Path(model)
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        if not (folder / name).is_file():
            raise UnavailableError(f"rewrite.model {model}", f"holds no {name}", "give the folder of a trained model")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a model that does not know the sentinels gets them: as words, ``NAME_1``."""

    prompt: str = PLACEHOLDER
    own: bool = False

    def given(self, masked: str) -> str:
        """What the model reads for a masked segment."""
        text = masked if self.own else masking.IS_SENTINEL.sub(_spelled, masked)
        return self.prompt.replace(PLACEHOLDER, text)

    def target(self, masked: str) -> str:
        """What the model writes for a masked segment."""
        return masked if self.own else masking.IS_SENTINEL.sub(_spelled, masked)

    def read(self, answer: str) -> str:
        """The masked segment that a model's answer stands for; what names no sentinel stays as it is."""
        return answer.strip() if self.own else _SPELLING.sub(_sentinel, answer.strip())


def _spelled(match: re.Match[str]) -> str:
    first = masking.kind_of(match.group())
    return f"{_SPELLED[first]}_{ord(match.group()) - ord(first)}"


def _sentinel(match: re.Match[str]) -> str:
    first = next(kind for kind, word in _SPELLED.items() if word == match[1])
    number = int(match[2])
    return chr(ord(first) + number) if number < masking.CAPACITY[first] else match.group()


def answer_length(pieces: int, longest: int) -> int:
    """How many pieces an answer to so many may have: a quarter more and a few, and no more than the model takes."""
    return min(longest, pieces + pieces // 4 + _SLACK)


def by_length(lengths: Sequence[int], batch: int) -> list[list[int]]:
    """Indexes of rows in batches of like length, so that little is padded."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], i))
    return [order[i : i + batch] for i in range(0, len(order), batch)]
