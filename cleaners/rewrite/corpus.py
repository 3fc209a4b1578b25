"""Segments to train and measure on, out of JSON-lines files of documents.

Only text that is in the public domain or under CC0 is taken; which documents are held out from training depends on
their id alone, so that every run holds out the same ones.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cleaners import segment
from cleaners.errors import MtcleanError

_FREE = re.compile(r"\b(?:CC0|public domain)\b", re.IGNORECASE)
_BOUND = re.compile(r"\bnot\b|\bCC[ -]BY|\b(?:NC|ND|SA)\b", re.IGNORECASE)  # another licence beside it, or a denial
_HELD_OUT = 50  # one document in so many
_SENTENCE = re.compile(r"[\"“‘(]?[A-Z][^\n]*[.!?][\"”’)]?\Z")
# Marks of tables, codes and lists; text with them is no prose.
_ODD = re.compile(r"[|{}\[\]<>=_*#@\\~^]|\.\.|--|\d{5,}|\s{2,}")
_NUMBERED = re.compile(r"(?m)^\s*\d{1,3}\.\s+")
_FEWEST_WORDS, _MOST_WORDS = 4, 60
# One segment is mostly one sentence, sometimes two or three: a cut sentence has to be seen whole.
_SENTENCES = ((1, 62), (2, 30), (3, 8))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Segments for training and those held out, each in a fixed order."""

    training: tuple[str, ...]
    held_out: tuple[str, ...]


def read(folder: Path, seed: int = 0, limit: int | None = None) -> Corpus:
    """The segments of every ``*.jsonl`` and ``*.jsonl.gz`` below ``folder``, shuffled; ``limit`` documents a file.

    Raises :class:`MtcleanError` where there is none, or a file is broken.
    """
    paths = sorted(p for p in folder.rglob("*.jsonl*") if p.name.endswith((".jsonl", ".jsonl.gz")))
    if not paths:
        raise MtcleanError(str(folder), "holds no .jsonl or .jsonl.gz file", "give the folder of the training text")
    random = Random(seed)
    training: list[str] = []
    held_out: list[str] = []
    for path in paths:
        for number, (identity, text) in enumerate(_documents(path)):
            if limit is not None and number >= limit:
                break
            (held_out if is_held_out(identity) else training).extend(segments(text, random))
    random.shuffle(training)
    random.shuffle(held_out)
    return Corpus(tuple(training), tuple(held_out))


def is_held_out(identity: str) -> bool:
    """Whether the document of this id is kept from training."""
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:4]) % _HELD_OUT == 0


def segments(text: str, random: Random) -> Iterator[str]:
    """Runs of one to three whole sentences of prose out of one text, each sentence once."""
    text = _NUMBERED.sub("", text)
    for paragraph in segment.paragraphs(text):
        spans = list(segment.sentences(text[paragraph.start : paragraph.end]))
        body = text[paragraph.start : paragraph.end]
        at = 0
        while at < len(spans):
            count = random.choices(*zip(*_SENTENCES, strict=True))[0]
            last = spans[min(at + count, len(spans)) - 1]
            piece = " ".join(body[spans[at].start : last.end].split())
            if is_prose(piece):
                yield piece
            at += count


def is_prose(piece: str) -> bool:
    """Whether the piece reads as whole sentences of running text, of a length that a rewrite can take."""
    return (
        _FEWEST_WORDS <= len(piece.split()) <= _MOST_WORDS
        and _SENTENCE.match(piece) is not None
        and _ODD.search(piece) is None
        and piece.count('"') % 2 == 0
        and piece.count("“") == piece.count("”")
    )


def _documents(path: Path) -> Iterator[tuple[str, str]]:
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield from _rows(path, lines)
        else:
            with path.open(encoding="utf-8") as lines:
                yield from _rows(path, lines)
    except (UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
        raise MtcleanError(str(path), f"cannot be read: {error}", "give whole files in UTF-8") from error


def _rows(path: Path, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            identity, text, licence = str(row["id"]), str(row["text"]), str(row["license"])
        except (ValueError, KeyError, TypeError) as error:
            what = "is no JSON object with id, text and license"
            raise MtcleanError(f"{path}:{number}", what, "give one document a line") from error
        if not _FREE.search(licence) or _BOUND.search(licence):
            what = f"is under {licence!r}; weights are trained on public-domain and CC0 text alone"
            raise MtcleanError(f"{path}:{number}", what, "take the file out of the folder")
        yield identity, text
