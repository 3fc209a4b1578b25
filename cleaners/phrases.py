"""Which capitalised phrases may be two wordings of one term: alike but for one word, or told by one short form."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

SMALL = frozenset(("of", "and", "for", "the"))
_FOLDED = (("programme", "program"), ("defence", "defense"), ("isation", "ization"), ("centre", "center"))
_MOST_ALIKE = 50  # phrases that differ at one place, of which each is compared with each


def near(counts: Mapping[str, int], terms: Collection[str]) -> Iterator[list[str]]:
    """Pairs of phrases that are alike but for one word, where the two words are alike or one phrase is a known term."""
    known = {term for term in terms if len(term.split()) > 2 and term[0].isupper()}
    by_rest: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for phrase in sorted(counts.keys() | known):
        words = _folded(phrase).split()
        for index, word in enumerate(words):
            by_rest.setdefault((*words[:index], "*", *words[index + 1 :]), []).append((phrase, word))
    for rest, those in by_rest.items():
        for number, (phrase, word) in enumerate(those[:_MOST_ALIKE]):
            for other, its in those[number + 1 : _MOST_ALIKE]:
                if not (counts.get(phrase) or counts.get(other)) or phrase.lower() == other.lower():
                    continue
                is_term = (phrase in known) != (other in known)
                if word == its or _akin(word, its) or (is_term and len(rest) > 3 and word not in SMALL):
                    yield [phrase, other]


def _akin(word: str, other: str) -> bool:
    """Whether two words are forms or spellings of one: a common stem, or two letters apart."""
    from rapidfuzz.distance import OSA

    stem = min(len(word), len(other), 6)
    if stem > 4 and word[:stem] == other[:stem]:
        return True
    return stem > 4 and bool(OSA.distance(word, other) <= 2) and word[0] == other[0]


def _folded(phrase: str) -> str:
    folded = phrase.lower()
    for british, american in _FOLDED:
        folded = folded.replace(british, american)
    return folded


def initials(words: Sequence[str]) -> str:
    """First letters of the words that count, in capitals."""
    return "".join(part[0].upper() for word in words if word not in SMALL for part in word.split("-"))
