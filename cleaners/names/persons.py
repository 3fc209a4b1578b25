"""Garbled surnames: unknown words that sound like a surname of the glossary or of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cleaners.core import Document
from cleaners.names import shape, sound, suspects

_OFFICE = (
    r"(?:\b(?:Prime|Foreign|Defen[cs]e|Finance|Interior|Justice|Trade|Economy|Vice|Deputy|Chief|Cabinet|Secretary) )*"
    r"\b(?:Minister|Secretary|President|Premier|Chancellor|Governor|Spokesman|Spokeswoman|Chairman|General|Admiral"
    r"|Ambassador|Leader)"
)
_TITLE = re.compile(rf"(?P<office>{_OFFICE})(?: of [A-Z]\w+)? \Z")
_ANYBODY = re.compile(r"\b(?:Mrs?|Ms|Miss|Dr)\.? \Z")
_SPEAKS = re.compile(
    r"(?:['’]s)? (?:said|told|says|added|stressed|announced|visited|met|spoke|expressed|will|has|was)\b"
)
_OF_A_BODY = re.compile(r",? of (?:the|a|his|her)\b")  # "President Kishita of the chess club"
_GIVEN = re.compile(r"\b([A-Z][\w’'-]+) \Z")
_FULLER = re.compile(r"[ -][A-Z]")
_CLOSE, _CLOSE_LOOK = 60, 8  # spellings that are compared sound by sound
_LEAST, _STRONG = 0.8, 0.85  # likeness of sound beside the person's given name, and without


@dataclass(frozen=True, slots=True)
class Garbled:
    """A word that stands for a surname; ``proofs`` say what else speaks for the person.

    ``given``: the given name is before it; ``title``: a title is; ``office``: it is the title that the person bears in
    the text, too; ``text``: the right name is in the text; ``contrast``: it is in the same sentence, where the two are
    told apart.
    """

    start: int
    end: int
    surname: str
    full_name: str
    proofs: frozenset[str]

    @property
    def is_sure(self) -> bool:
        """Whether title and given name speak for the person, or the person's own title: Jens Stoltenburg may pilot."""
        if "contrast" in self.proofs:
            return False
        return {"given", "title"} <= self.proofs or {"text", "office"} <= self.proofs


def garbled(document: Document, full_names: Mapping[str, tuple[str, ...]]) -> Iterator[Garbled]:
    """The garbled surnames of a document."""
    text = document.text
    if not full_names:
        return
    known = frozenset(full_names)
    for suspect in suspects.suspects(text):
        if suspect.word in known or not suspect.word.isascii() or _FULLER.match(text, suspect.end):
            continue
        near = _near(suspect.word, known)
        if not near:
            continue
        before = text[max(0, suspect.start - 40) : suspect.start]
        if _ANYBODY.search(before) or _OF_A_BODY.match(text, suspect.end):
            continue
        span = document.sentence_at(suspect.start)
        yield from _proved(text, suspect, near, before, full_names, text[span.start : span.end])


def _proved(
    text: str, suspect: suspects.Suspect, near: tuple[tuple[str, float], ...], before: str,
    full_names: Mapping[str, tuple[str, ...]], sentence: str,
) -> Iterator[Garbled]:  # fmt: skip
    given = _GIVEN.search(before)
    titled = _TITLE.search(before)
    for surname, likeness in near:
        for full_name in full_names[surname]:
            first = full_name.removesuffix(surname).strip()
            proofs = set()
            if given and first and given[1] == first.split()[-1]:
                proofs.add("given")
                if _TITLE.search(before[: given.start()]):
                    proofs.add("title")
            elif given and not titled:
                continue  # a person introduced in full, by another given name
            elif likeness < _STRONG:
                continue
            if re.search(rf"(?<!\w){re.escape(surname)}(?!\w)", text):
                proofs.add("text")
            if titled:
                proofs.add("title")
                if _bears(text, titled, full_name, surname):
                    proofs.add("office")
            elif not proofs & {"given"} and not _SPEAKS.match(text, suspect.end):
                continue
            if re.search(rf"(?<!\w){re.escape(surname)}(?!\w)", sentence):
                proofs.add("contrast")
            if proofs and ("title" in proofs or "given" not in proofs or shape.is_romaji(sound.plain(suspect.word))):
                yield Garbled(suspect.start, suspect.end, surname, full_name, frozenset(proofs))
                return


def _bears(text: str, titled: re.Match[str], full_name: str, surname: str) -> bool:
    """Whether the text has the right name behind the same title."""
    names = re.finditer(rf"\b(?:{re.escape(full_name)}|{re.escape(surname)})(?!\w)", text)
    heads = (_TITLE.search(text, max(0, name.start() - 60), name.start()) for name in names)
    return any(head is not None and head["office"] == titled["office"] for head in heads)


@lru_cache(maxsize=16384)
def _near(word: str, surnames: frozenset[str]) -> tuple[tuple[str, float], ...]:
    """The surnames that sound like a word, the likeliest first."""
    from rapidfuzz import fuzz, process

    plain = sound.plain(word)
    folded = _folded(surnames)
    found = []
    for _, _, surname in process.extract(
        sound.folded(plain), folded, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=_CLOSE_LOOK
    ):
        other = sound.plain(surname)
        if abs(len(other) - len(plain)) < 4 and sound.folded(other)[:1] == sound.folded(plain)[:1]:
            likeness = sound.likeness(plain, other)
            if likeness >= _LEAST and _same_shape(plain, other):
                found.append((surname, likeness))
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


@lru_cache(maxsize=4)
def _folded(surnames: frozenset[str]) -> dict[str, str]:
    return {surname: sound.folded(plain) for surname in sorted(surnames) if len(plain := sound.plain(surname)) > 4}


def _same_shape(plain: str, other: str) -> bool:
    """A lawful Chinese name is nobody else's; of a Japanese one, another reading may be the garble."""
    if sound.is_other_romanisation(plain, other):
        return False
    return not shape.is_pinyin(plain) or shape.is_pinyin(other) or shape.is_romaji(other)
