"""Garbled places in a text: where an unknown word stands for a place, and how well its right name is proved."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from cleaners.core import Document
from cleaners.names import gazetteer, shape, sound, suspects
from cleaners.names.candidates import Candidate, Context, candidates, context, countries

_BEFORE = re.compile(
    r"(?:\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Oo]utside|[Aa]round|[Vv]ia|reached|visited|visit|[Pp]ort of"
    r"|[Cc]ity of|[Tt]own of|[Pp]rovince of|capital(?: of|,)?|arrived in"
    r"|(?:flew|went|travel(?:l?ed|s)?|moved|returned|came|trip) to)"
    r"(?: the)?)\s\Z"
)
_AFTER = re.compile(
    r" (?:[Cc]ity|[Pp]rovince|[Cc]ounty|[Pp]refecture|[Dd]istrict|[Ii]slands?|[Pp]eninsula|[Aa]utonomous)\b"
)
_ADJECTIVE = re.compile(r" [a-z]")
_KIND_OF_PLACE = re.compile(r" (?:City|Province|County|Prefecture|District|Town|Village|Airport|Port|Island)\b")
_STRONG, _VERY_STRONG = 0.82, 0.9  # likeness of sound, without a source
_HEARD = 0.82  # likeness of sound, where the source has the characters
_LARGE_ABROAD = 100_000
_CITY = 50_000
_LARGE = 30_000  # inhabitants
_NEARLY_SAME = 0.93  # likeness of sound that is a proof, where the country is the other
_READ = 0.9  # likeness of the source's reading, where the name itself sounds otherwise
_PINYIN_COUNTRIES = frozenset({"CN", "TW", "HK", "MO"})
_TOWN = 15_000  # inhabitants
_AHEAD = 0.03  # of the next candidate


@dataclass(frozen=True, slots=True)
class Garbled:
    """A word that stands for a place: ``proofs`` of the first of ``ranked``, two of which are enough to apply it."""

    start: int
    end: int
    ranked: tuple[Candidate, ...]
    proofs: frozenset[str]
    placed: bool = True  # whether it stands where places stand

    @property
    def is_sure(self) -> bool:
        """Whether two proofs that do not hang together speak for the first name."""
        if not self.placed:
            return False
        if self.proofs & {"source", "text"}:
            return True
        first = self.ranked[0]
        return first.likeness >= _NEARLY_SAME and first.population >= _CITY


def garbled(document: Document, names: Container[str]) -> Iterator[Garbled]:
    """The garbled places of a document; the index is asked only for what stands where places stand."""
    words: dict[str, list[suspects.Suspect]] = {}
    for suspect in suspects.suspects(document.text):
        if suspect.word not in names:
            words.setdefault(suspect.word, []).append(suspect)
    around: Context | None = None
    for word, matches in words.items():
        placed = _stands_as_place(document, matches)
        if placed is None or not (placed or document.source_text):
            continue
        around = around or context(document.text).of_source(document.source_text, document.source_lang)
        ranked = [c for c in candidates(word, around) if c.kind not in ("reading", "people", "given")]
        proofs = _proofs(document, word, matches, ranked, around)
        if proofs and (placed or ranked[0].population >= _LARGE_ABROAD):
            for match in matches:
                yield Garbled(match.start, match.end, tuple(ranked[:3]), proofs, placed)


def _stands_as_place(document: Document, matches: list[suspects.Suspect]) -> bool | None:
    """Whether a word stands where places stand; ``None`` where it is a person's or an adjective."""
    text = document.text
    found = False
    for match in matches:
        start, end = match.start, match.end
        named = _KIND_OF_PLACE.match(text, end)
        if suspects.is_part_of_name(text, start, end) and not named:
            return None
        after = bool(named or _AFTER.match(text, end))
        if not after and _ADJECTIVE.match(text, end) and text[max(0, start - 4) : start] == "the ":
            return None  # "in the Mexica capital"
        found = found or after or _BEFORE.search(text, max(0, start - 24), start) is not None
    return found


def _proofs(
    document: Document, word: str, matches: list[suspects.Suspect], ranked: list[Candidate], around: Context
) -> frozenset[str]:
    """What speaks for the first candidate, none where it is not far enough ahead of the next."""
    if not ranked:
        return frozenset()
    first = ranked[0]
    if first.in_source:
        if around.text.count(first.name) or any(c.in_source and c.score > first.score - _AHEAD for c in ranked[1:]):
            return frozenset()
        return _proofs_of_source(word, first, document.source_lang)
    if document.source_text and document.source_lang in ("ja", "zh"):
        return frozenset()  # what the source does not bear out is no proof
    if first.likeness < _STRONG or not first.proper or first.population < _LARGE or _is_lawful_shape(word, first):
        return frozenset()
    if any(c.score > first.score - _AHEAD for c in ranked[1:]):
        return frozenset()
    if not word.isascii():
        return frozenset()  # å and ö come from the language of the place, not from a sound spelled out
    if first.country and gazetteer.shipped().is_village(word, first.country):
        return frozenset()
    if _stand_together(document, matches, first.name):
        return frozenset()
    proofs = {"sound"}
    if first.name in around.words and first.likeness > _VERY_STRONG and not suspects.is_common(first.name):
        proofs.add("text")
    for match in matches:
        span = document.sentence_at(match.start)
        if first.country in countries(document.text[match.end : match.end + 40].split(".")[0]):
            proofs.add("beside")
        elif first.country in countries(document.text[span.start : span.end]):
            proofs.add("country")
    return frozenset(proofs) if len(proofs) > 1 else frozenset()


def _stand_together(document: Document, matches: list[suspects.Suspect], name: str) -> bool:
    """Whether one sentence has both spellings: a system spells a name alike within a sentence, so they are two."""
    spans = (document.sentence_at(match.start) for match in matches)
    return any(re.search(rf"\b{re.escape(name)}\b", document.text[span.start : span.end]) for span in spans)


def _proofs_of_source(word: str, first: Candidate, lang: str | None) -> frozenset[str]:
    """The source has the place's characters: that is one proof where they are surely its name, sound is the other."""
    alike = sound.likeness(sound.plain(word), sound.plain(first.name))
    if lang == "ja" and first.country != "JP" and not first.is_in_kana:
        return frozenset()  # kanji name places of Japan
    if alike >= _HEARD and first.population >= _TOWN:
        return frozenset({"source", "sound"})
    foreign = first.country not in _PINYIN_COUNTRIES
    if foreign and first.likeness >= _READ and first.population >= _LARGE_ABROAD:
        return frozenset({"source", "sound"})  # the characters of a foreign name were read as if it were Chinese
    return frozenset()


def _is_lawful_shape(word: str, meant: Candidate) -> bool:
    """Whether it is another way to write the name, or spelled as villages of the country are, which no list has."""
    plain = sound.plain(word)
    if sound.is_other_romanisation(plain, sound.plain(meant.name)):
        return True
    return (meant.country == "CN" and shape.is_pinyin(plain)) or (meant.country == "JP" and shape.is_romaji(plain))
