"""One name under several spellings in a text: words that sound alike in the same place beside the same word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cleaners.names import sound, suspects

_PAIR = re.compile(r"(?<![\w’'-])(?=(?P<first>[A-ZÀ-Þ][a-zà-ÿ]+)[ -](?P<second>[A-ZÀ-Þ][a-zà-ÿ]{3,})(?![\w-]))")
_KINDS = frozenset({"City", "Province", "County", "Prefecture", "District", "Town", "Village"})
_NO_GIVEN_NAMES = frozenset(
    [
        "The",
        "This",
        "That",
        "These",
        "Those",
        "And",
        "But",
        "For",
        "With",
        "From",
        "Into",
        "After",
        "Before",
        "When",
        "While",
        "Where",
        "What",
        "How",
        "Why",
        "Who",
        "Our",
        "Your",
        "Their",
        "His",
        "Her",
        "Its",
        "Not",
        "All",
        "Some",
        "Many",
        "Most",
        "Mr",
        "Mrs",
        "Ms",
        "Miss",
        "Dr",
        "Sir",
        "Lord",
        "Lady",
        "President",
        "Minister",
        "Secretary",
        "Premier",
        "Chairman",
        "Governor",
        "Senator",
        "General",
        "Colonel",
        "Captain",
        "Professor",
        "Judge",
        "King",
        "Queen",
        "Prince",
        "Princess",
        "Pope",
        "Saint",
        "San",
        "Santa",
        "New",
        "North",
        "South",
        "East",
        "West",
        "Central",
        "Upper",
        "Lower",
        "Great",
        "Mount",
        "Lake",
        "Port",
        "Fort",
        "River",
        "Cape",
        "University",
        "Institute",
        "Bank",
        "Street",
        "Avenue",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "In",
        "On",
        "At",
        "As",
        "If",
        "Is",
        "It",
        "An",
        "Of",
        "To",
        "By",
        "Or",
        "No",
        "We",
        "He",
        "She",
        "They",
        "You",
    ]
)
_LEAST = 0.8  # likeness of two words beside the same third
_ENDING = re.compile(r"(?:a|o|s|es|e|y|ie|n|â)\Z")  # by which lawful names differ: Roman, Romano
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Other:
    """A word at ``text[start:end]`` that seems to be ``meant``; ``proved`` where that is known or stands more often."""

    start: int
    end: int
    meant: str
    proved: bool


def several(text: str) -> Iterator[Other]:
    """The spellings of a text that seem to be another one's; the better known or the more frequent is right."""
    unknown: dict[str, list[suspects.Suspect]] = defaultdict(list)
    for suspect in suspects.suspects(text):
        if len(suspect.word) >= _SHORTEST and not re.search("[’'-]", suspect.word):
            unknown[suspect.word].append(suspect)
    if not unknown:
        return
    done = set()
    for one, other in _pairs(text, unknown):
        wrong, right, proved = _judged(text, one, other, unknown)
        if wrong in done or right in done:
            continue
        done.add(wrong)
        for suspect in unknown[wrong]:
            yield Other(suspect.start, suspect.end, right, proved)


def _pairs(text: str, unknown: dict[str, list[suspects.Suspect]]) -> Iterator[tuple[str, str]]:
    """Pairs of words that sound alike beside the same word, one of them unknown."""
    beside: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for match in _PAIR.finditer(text):
        first, second = match["first"], match["second"]
        if second in _KINDS:
            beside["before", second][first] = None
        elif _is_given_name(first):
            beside["after", first][second] = None
    for words in beside.values():
        if len(words) > 1:
            for one in words:
                for other in words:
                    if one in unknown and one != other and _alike(one, other) and (other not in unknown or one < other):
                        yield one, other


def _is_given_name(word: str) -> bool:
    """Whether it may be one; titles, articles and the first halves of place names are none."""
    return word not in _NO_GIVEN_NAMES


def _alike(one: str, other: str) -> bool:
    a, b = sound.plain(one), sound.plain(other)
    if len(b) < _SHORTEST or abs(len(a) - len(b)) > 3 or _ENDING.sub("", a) == _ENDING.sub("", b):
        return False
    if sound.is_other_romanisation(a, b):
        return False
    if {a, b} in ({a, f"{a}s"}, {b, f"{b}s"}) or suspects.is_common(one) or suspects.is_common(other):
        return False
    return sound.likeness(a, b) >= _LEAST


def _judged(text: str, one: str, other: str, unknown: dict[str, list[suspects.Suspect]]) -> tuple[str, str, bool]:
    """Which of two spellings is wrong, which right, and whether that is more than a guess."""
    if other not in unknown:
        return one, other, True
    mine, its = len(unknown[one]), len(unknown[other])
    if mine == its:
        first, second = sorted((one, other), key=text.find)
        return second, first, False
    wrong, right = (one, other) if mine < its else (other, one)
    return wrong, right, max(mine, its) >= 2 * min(mine, its)
