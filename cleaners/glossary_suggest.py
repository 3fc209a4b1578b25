"""Mines a corpus for what a glossary could mend: names nobody knows, and terms in several wordings.

A capitalised word is *known* when a glossary entry, the gazetteer or the English dictionary has it. The others are
counted with the places where they stand and the countries their documents speak of; spellings that sound alike are
taken together, and the known names that sound most like them are named. Documents are read one after the other:
what is kept grows with the number of distinct names, not with the corpus.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from cleaners import phrases
from cleaners.company import is_whole_word
from cleaners.core import Document
from cleaners.glossary_file import Entry
from cleaners.names import candidates, gazetteer, sound
from cleaners.names.demonyms import DEMONYMS

_CAPITALISED = re.compile(r"(?<![\w@#./’'-])[A-ZÀ-ÖØ-Þ][\w]+(?:[’'-]\w+)*(?![\w@])")
_PHRASE = re.compile(r"(?<![\w’'-])[A-Z][\w’-]+(?: (?:(?:of|and|for) (?:the )?)?[A-Z][\w’-]+){2,7}(?![\w’-])")
_LOWER = re.compile(r"(?<![\w@#./-])[a-zß-öø-ÿ]{4,}(?![\w@])")
_SHORT_FORM = re.compile(r" \(([A-Z][A-Za-z-]{1,8}[A-Z])\)")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_FIRST = frozenset(  # words that begin a sentence and no name
    (
        "A",
        "An",
        "The",
        "This",
        "That",
        "These",
        "Those",
        "In",
        "On",
        "At",
        "By",
        "From",
        "For",
        "With",
        "When",
        "While",
        "After",
        "Before",
        "If",
        "As",
        "And",
        "But",
    )
)
_TITLES = frozenset(
    (
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "President",
        "Minister",
        "Premier",
        "Chancellor",
        "Secretary",
        "Professor",
        "General",
        "Ambassador",
        "Mayor",
    )
)
_OF_PLACES = frozenset(("Mount", "Lake", "Cape", "Port", "Fort", "New", "North", "South", "East", "West", "Saint"))
_WORD_AFTER = re.compile(r" ([A-ZÀ-ÖØ-Þ][\w’-]+)")
_WORD_BEFORE = re.compile(r"(?P<lead>[\w,][ \u00a0])?(?P<word>[\w’'-]+\.?)[ \u00a0]\Z")
_SHORTEST = 4  # letters of a name; shorter ones are near to everything
_CONTEXTS = 3  # places kept for each name
_AROUND = 45  # code points shown on either side
_ALIKE = 0.8  # likeness of sound from which two spellings are taken for one name
_MOST_HEADS = 200  # names of one skeleton that a name is compared with
_CAUSE = 0.34  # share of a name's documents that must speak of a country for it to be asked for
_MOST_COUNTRIES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands, with the words around it."""

    path: str
    record: str | int | None
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" + (f" (record {self.record})" if self.record is not None else "")


@dataclass(slots=True)
class Seen:
    """What is kept of one name: counts, the first few places, and the countries its documents speak of."""

    count: int = 0
    documents: int = 0
    as_person: int = 0
    places: list[Place] = field(default_factory=list)
    countries: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Name:
    """An unknown name: its spellings with the most frequent first, and the known names that may be meant."""

    name: str
    kind: str
    spellings: dict[str, int]
    documents: int
    places: list[Place]
    nearest: list[candidates.Candidate]


@dataclass(frozen=True, slots=True)
class Wordings:
    """One term in several wordings; ``known`` is the one that the glossary has, ``why`` what ties them."""

    wordings: dict[str, int]
    known: str | None
    why: str
    places: list[Place]


class Miner:
    """Reads documents and keeps what is unknown; ask for :meth:`names` and :meth:`terms` at the end."""

    def __init__(self, entries: Iterable[Entry], wanted: Collection[str] = ()) -> None:
        self._entries = tuple(entries)
        self._wanted = tuple(wanted)
        self._terms = {entry.term: entry.kind for entry in self._entries}
        texts = [text for e in self._entries for text in (e.term, *e.variants)]
        self._known_words = {word.lower() for text in texts for word in re.findall(r"\w+", text)}
        self._is_known: dict[str, bool] = {}
        self.seen: dict[str, Seen] = {}
        self.phrases: dict[str, Seen] = {}
        self._short_forms: dict[str, Counter[str]] = {}
        self._in_lower_case: set[str] = set()  # a word that stands so, too, is no name

    def read(self, document: Document) -> None:
        """Take in one document."""
        text = document.text
        self._in_lower_case.update(_LOWER.findall(text))
        found = [hit for hit in _names(text) if not self._knows(hit[2]) and not self._is_part(text, *hit)]
        found += [(m.start(), m.end(), wanted) for wanted in self._wanted for m in _standing(wanted, text)]
        found = [hit for hit in found if not document.is_shielded(hit[0], hit[1])]
        if found:
            countries = candidates.context(text).countries
            for name in dict.fromkeys(name for *_, name in found):
                seen = self.seen.setdefault(name, Seen())
                seen.documents += 1
                seen.countries.update(countries)
        for start, end, name in found:
            self.seen[name].as_person += _is_person(text, start)
            _count(self.seen[name], document, start, end)
        self._read_phrases(document)

    def _read_phrases(self, document: Document) -> None:
        for match in _PHRASE.finditer(document.text):
            words = match.group().split()
            while words and words[0] in _FIRST:
                words = words[1:]
            if len([word for word in words if word not in phrases.SMALL]) < 3:
                continue
            phrase = _POSSESSIVE.sub("", " ".join(words))
            _count(self.phrases.setdefault(phrase, Seen()), document, match.end() - len(" ".join(words)), match.end())
            short = _SHORT_FORM.match(document.text, match.end())
            if short and phrases.initials(words) == short[1].upper().replace("-", ""):
                self._short_forms.setdefault(short[1], Counter())[phrase] += 1

    def _knows(self, name: str) -> bool:
        known = self._is_known.get(name)
        if known is None:
            known = self._is_known[name] = self._looked_up(name)
        return known

    def _is_part(self, text: str, start: int, end: int, name: str) -> bool:
        """Whether the word before or after makes a known name of it, as in Los Angeles."""
        before, after = _WORD_BEFORE.search(text, max(0, start - 40), start), _WORD_AFTER.match(text, end)
        longer = [f"{before['word']} {name}"] if before else []
        longer += [f"{name} {after[1]}"] if after else []
        return name not in self._wanted and any(map(gazetteer.shipped().is_name, longer))

    def _looked_up(self, name: str) -> bool:
        places = gazetteer.shipped()
        if name in self._wanted or places.is_name(name):
            return name not in self._wanted
        parts = name.split("-")
        return all(
            len(part) < 3 or part.lower() in self._known_words or places.is_word(part) or places.is_name(part)
            for part in parts
        )

    def names(self, least: int, limit: int, nearest: int = 3) -> list[Name]:
        """The unknown names, those that stand most often first, spellings that sound alike together."""
        groups = _grouped({n: seen.count for n, seen in self.seen.items() if n.lower() not in self._in_lower_case})
        totals = [(sum(self.seen[n].count for n in group), group) for group in groups]
        chosen = sorted((t for t in totals if t[0] >= least), key=lambda t: (-t[0], t[1]))[:limit]
        return [self._name(group, nearest) for _, group in chosen]

    def _name(self, group: Sequence[str], nearest: int) -> Name:
        ordered = sorted(group, key=lambda name: (-self.seen[name].count, name))
        all_seen = [self.seen[name] for name in ordered]
        places = [place for seen in all_seen for place in seen.places][:_CONTEXTS]
        known = candidates.known_names([*self._terms.items()])
        told = candidates.context("\n".join(place.text for place in places), known)
        around = candidates.Context(self._countries(ordered), told.words, names=known)
        return Name(
            ordered[0],
            self.kind(ordered[0]),
            {name: self.seen[name].count for name in ordered},
            max(seen.documents for seen in all_seen),
            places,
            candidates.candidates(ordered[0], around, nearest) if nearest else [],
        )

    def _countries(self, names: Sequence[str]) -> frozenset[str]:
        counted: Counter[str] = Counter()
        for name in names:
            counted.update(self.seen[name].countries)
        documents = sum(self.seen[name].documents for name in names)
        return frozenset(code for code, count in counted.most_common(10) if count >= _CAUSE * documents)

    def terms(self, least: int, limit: int) -> list[Wordings]:
        """Terms that stand in several wordings, the most frequent first."""
        counts = {phrase: seen.count for phrase, seen in self.phrases.items()}
        tied = [
            (list(forms), f"both stand for {short}") for short, forms in self._short_forms.items() if len(forms) > 1
        ]
        tied += [(pair, "they differ by a word") for pair in phrases.near(counts, self._terms)]
        found: dict[tuple[str, ...], Wordings] = {}
        for tied_ones, why in tied:
            ordered = sorted(tied_ones, key=lambda phrase: (-counts.get(phrase, 0), phrase))
            places = [
                place for phrase in ordered if phrase in self.phrases for place in self.phrases[phrase].places[:1]
            ]
            known = next((phrase for phrase in ordered if phrase in self._terms), None)
            wordings = {phrase: counts.get(phrase, 0) for phrase in ordered}
            if sum(wordings.values()) >= least:
                found.setdefault(tuple(sorted(tied_ones)), Wordings(wordings, known, why, places))
        return sorted(found.values(), key=lambda w: (-sum(w.wordings.values()), list(w.wordings)))[:limit]

    def kind(self, name: str) -> str:
        """The likeliest kind of an unknown name, from the words that stand before it."""
        seen = self.seen[name]
        return "person" if seen.as_person * 2 > seen.count else "place"

    def entry(self, variant: str, term: str) -> dict[str, object]:
        """A glossary entry for ``variant``; where a place is meant, it asks for the countries that are spoken of."""
        named = gazetteer.shipped().named(term) if term[:1].isupper() else ()
        places = [place for place in named if sound.plain(place.name) == sound.plain(term)]
        guessed = "place" if places else self.kind(variant) if " " not in variant else "term"
        kind = self._terms.get(term) or (guessed if term[:1].isupper() else "term")
        entry: dict[str, object] = {"term": term, "kind": kind, "variants": [variant]}
        told = self.seen[variant].countries
        if kind != "place" or not told:
            return entry
        own = next((place.country for place in places if place.country in told), None)
        codes = [own] if own else sorted(self._countries([variant]), key=lambda code: (-told[code], code))
        words = [word for code in codes[:_MOST_COUNTRIES] for word in _words_for(code)]
        return entry | ({"when": {"document": words}} if words else {})


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    """Capitalised words that may be names, less the possessive; of ``Vernis-based`` the name alone."""
    for match in _CAPITALISED.finditer(text):
        start, name = match.start(), _POSSESSIVE.sub("", match.group())
        if "-" in name and any(part[:1].islower() for part in name.split("-")):
            name = name.partition("-")[0]
        if len(name) >= _SHORTEST and not name.isupper() and not any(letter.isdigit() for letter in name):
            yield start, start + len(name), name


def _standing(phrase: str, text: str) -> Iterator[re.Match[str]]:
    if phrase in text:
        yield from (m for m in re.finditer(re.escape(phrase), text) if is_whole_word(text, *m.span()))


def _count(seen: Seen, document: Document, start: int, end: int) -> None:
    seen.count += 1
    if len(seen.places) < _CONTEXTS:
        text = document.text
        low = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
        line_end = text.find("\n", end)
        high = min(line_end if line_end >= 0 else len(text), end + _AROUND)
        shown = " ".join(text[low:high].split())
        seen.places.append(Place(document.path, document.record, text.count("\n", 0, start) + 1, shown))


def _is_person(text: str, start: int) -> bool:
    """Whether a title or a given name stands before: a capitalised word that begins no sentence."""
    before = _WORD_BEFORE.search(text, max(0, start - 40), start)
    if before is None:
        return False
    word = before["word"]
    if word.rstrip(".") in _TITLES:
        return True
    if not word[0].isupper() or not word.isalpha() or word in _FIRST or word in _OF_PLACES:
        return False
    places = gazetteer.shipped()
    return not places.is_name(word) and (before["lead"] is not None or not places.is_word(word))


def _grouped(counts: Mapping[str, int]) -> list[list[str]]:
    """Names that sound alike, together; each name goes to the most frequent one that it is near to."""
    by_sound: dict[str, list[str]] = {}
    for name in counts:
        by_sound.setdefault(sound.skeleton(sound.plain(name)), []).append(name)
    groups: list[list[str]] = []
    for names in by_sound.values():
        heads: list[list[str]] = []
        for name in sorted(names, key=lambda n: (-counts[n], n)):
            plain = sound.plain(name)
            group = next((g for g in heads[:_MOST_HEADS] if _is_same(plain, sound.plain(g[0]))), None)
            if group is None:
                heads.append([name])
            else:
                group.append(name)
        groups += heads
    return groups


def _is_same(plain: str, other: str) -> bool:
    """Whether two plain spellings of one skeleton are near in letters and in sound."""
    from rapidfuzz.distance import OSA

    apart = max(1, min(len(plain), len(other)) // 4)
    return OSA.distance(plain, other) <= apart and sound.likeness(plain, other) >= _ALIKE


def _words_for(code: str) -> list[str]:
    """A country's name and its adjectives, as English news has them."""
    from babel import Locale

    return list(dict.fromkeys([Locale("en").territories.get(code, code), *DEMONYMS.get(code, ())]))


def as_text(names: Sequence[Name], terms: Sequence[Wordings]) -> str:
    """A paragraph for each."""
    blocks = []
    for name in names:
        others = ", ".join(f"{spelling} ({count})" for spelling, count in list(name.spellings.items())[1:])
        total = sum(name.spellings.values())
        lines = [f"{name.name}  {total} in {name.documents} {'text' if name.documents == 1 else 'texts'}, {name.kind}?"]
        lines += [f"  also written {others}"] if others else []
        near = ", ".join(c.name + (f" ({c.country})" if c.country else "") for c in name.nearest)
        lines += [f"  near {near}"] if near else []
        blocks.append("\n".join([*lines, *(f"  {place}: {place.text}" for place in name.places)]))
    for term in terms:
        shown = " / ".join(f"{wording} ({count})" for wording, count in term.wordings.items())
        lines = [f"{shown}  {term.why}"]
        lines += [f"  the glossary has {term.known}"] if term.known else []
        blocks.append("\n".join([*lines, *(f"  {place}: {place.text}" for place in term.places)]))
    return "".join(f"{block}\n" for block in blocks)


def as_json(names: Sequence[Name], terms: Sequence[Wordings]) -> str:
    """One object with ``names`` and ``terms``."""
    rows = {"names": [asdict(name) for name in names], "terms": [asdict(term) for term in terms]}
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
