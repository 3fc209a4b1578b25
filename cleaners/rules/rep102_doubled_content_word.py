"""Collapses a noun, verb or title that stands twice.

**What.** ``President President Biden`` becomes ``President Biden``, ``cooperation cooperation`` one word.

**Mechanism.** The decoder repeats its last token; or two words of the source that mean the same (经济 and 经济性,
大統領 before and behind a name) each bring the same English word.

**Left alone.** What English doubles on purpose: intensifiers ("very very", "long long ago", "many many"), calls and
sounds ("bye bye", "knock knock", "ha ha"), names ("Duran Duran", "Walla Walla", "Sirhan Sirhan") and species
("Gorilla gorilla", "Bison bison"), words set apart by punctuation. Applied are only titles before a name, abstract
nouns by their ending, and words of eight letters or more behind no relative ("those who believe believe"): English
doubles short words for effect, and nouns that mean the real thing ("a business business, not a hobby"). Other nouns
and verbs, which may end one clause and open the next, are suggested; a capitalised word only where it is no name
("Park Park", "Committee Committee").

**Source.** Seen in WMT system outputs; word formation of abstract nouns: Quirk et al., A Comprehensive Grammar of
the English Language, appendix I.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from cleaners import repetition
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.repetition import FUNCTION_WORDS, Run, words

_TITLES = words(
    "President Minister Secretary Chancellor Chairman Chairwoman Governor Senator Ambassador Spokesman Spokeswoman "
    "Spokesperson Director Professor Admiral Lieutenant Commissioner Congressman Congresswoman Mayor Premier"
)
# Not "Major Major" (a novel), "Mr. Mister" (a band), "Judge Judge", "General General": names or jokes.
_INSTITUTIONS = words(
    "Committee Council Commission Ministry Department Bureau Office Agency Association Organization Organisation "
    "Group Company Corporation Bank Exchange University School Hospital Center Centre Station Airport Park Square "
    "Road Street Bridge River Lake Mountain Province County District City Village Day Festival Conference Summit "
    "Congress Parliament Government Party Army Navy Force Forces Police Court Federation Union State Project "
    "Program Programme Plan Agreement Treaty Act Law Museum Library Theater Theatre Championship Olympics Games "
    "American British Chinese Japanese Russian Ukrainian Korean French German European Asian African Indian"
)
# What an orator adds to a word taken up again.
_TAKEN_UP = lazy(r" (?:as|that|which|who|not|but|between|among|with|without|for|in|of|based|worthy)\b")
_ATTRIBUTE = lazy(r"(?:al|ive|ous|ful|ple)\Z")
_ABSTRACT = lazy(r"[a-z]{4,}(?:tions?|sions?|ments?|ness|ships?|ities|ances?|ences?|ity|isms?)\Z")
# Words that are doubled for effect, or as a sound, a call or a reply; and halves of doubled words.
_EMPHATIC = words(
    "very really so too much many more most far long big huge little tiny small great good bad nice high low deep "
    "hard easy fast slow old new young early late never ever always again still almost quite pretty super extra "
    "real sure right wrong true same different several few some any all no yes yeah yep ok okay well now then "
    "here there come go stop wait look listen please sorry thanks bye goodbye hello hey hi hush tut tsk wow oh ah "
    "ha haha ho hee he la na da ba doo boo beep bang boom bam pop drip drop tick tock tap rat chop chug clap click "
    "cluck crunch ding dong hear hip hurrah hooray knock meow moo neigh oink ping pong quack ring row shake splash "
    "squeak tweet whoosh woof yadda yap yum zoom blah bla etc dear poor sweet dead full double pure completely "
    "totally absolutely absolute definitely truly simply utterly extremely incredibly terribly awfully awful terrible "
    "wonderful beautiful lovely amazing fantastic cold hot cool warm dark black white red blue green wild mad crazy "
    "cheap rich fresh clean quick quickly slowly gently softly round up down out off over away back home mama papa "
    "mummy daddy mum dad girl boy baby friend like love want know think work money fun dance jump run walk one two "
    "three four five six seven eight nine ten hundred thousand first second last next final bora pago can was were "
    "that had is her his him it you i me my we be do did does have has what who when where how why let win "
    "gorilla bison lynx vulpes lutra bufo rattus iguana pica crex troglodytes meles mustela cricetus caracal "
    "alces dama hyaena alle anser apus bubo buteo carduelis ciconia cinclus coccothraustes cygnus ficedula "
    "naja natrix salamandra uncia mola sarda sprattus thymallus tinca trachurus aye nay chin pom hula short cha "
    "million billion trillion quadrillion quintillion zillion "
    "yo mahi dik couscous cous chow dum tom tum yoyo choo choochoo muu yum night ugh mm hm uh um er erm salad"
)
_LETTERS = lazy(r"[a-z]{3,}(?:-[a-z]+)?\Z")
_NAME_AFTER = lazy(r"(?:-elect|-designate)?[ \u00a0](?!The\b|A\b|Of\b|And\b|In\b)[A-Z][\w’'-]+")
_CAPITAL_AFTER = lazy(r"[ \u00a0][A-Z]")
_RELATIVE = lazy(
    r"\b(?:who|what|whatever|whoever|that|which|whom|where|when|if|as|they|we|you|it)\b[^.;:!?]*\Z", re.IGNORECASE
)
# "a relationship relationship, not a fling": doubled, a noun means the real thing.
_INDEFINITE = lazy(r"\b(?:an?|mean|proper|actual|real) \Z", re.IGNORECASE)
_WEIGHED = lazy(r"[.,;:!?]| (?:or|not|but|and not|as opposed|rather)\b")
# "the only President President Hall ever feared", "what the Minister Minister Hall replaced had done".
_ANY_HOLDER = lazy(r"\b(?:an?|only|every|any|no|another|first|last|(?:what|that|which) the) (?:[A-Z][a-z]+ )?\Z", re.I)
_WORD_AFTER = lazy(r" (?P<word>[a-z]+)\b")
_SINGLE = lazy(rf"(?<![\w’'.-])(?:{'|'.join(sorted(_TITLES))}|[a-z]{{5,}}(?:tion|ment|ness|ship))(?= \w)")


def find(document: Document) -> Iterator[Finding]:
    """Content words that follow themselves once."""
    text = document.text
    hits = [run for run in document.repeats if run.period == 1 and run.copies == 2 and run.plain]
    spoken = bool(hits) and repetition.is_spoken(text)
    for run in hits:
        word = text[slice(*run.spans[0])]
        if run.words[0] in FUNCTION_WORDS or not repetition.same_case(text, run):
            continue
        level = _level(text, run, word)
        if level is None or _set_apart(text, run):
            continue
        if level is Level.SAFE and spoken:
            level = Level.SUGGEST
        yield RULE.finding(
            run.start,
            run.end,
            word,
            level=level,
            confidence=0.97 if level is Level.SAFE else 0.75,
            message=f"{word!r} stands twice",
            drops=text[run.spans[0].end : run.end],
        )


def _level(text: str, run: Run, word: str) -> Level | None:
    """How far the word may be collapsed; ``None`` where doubling it is lawful or cannot be told from a name."""
    if word in _TITLES and _NAME_AFTER.match(text, run.end):
        return Level.SUGGEST if _ANY_HOLDER.search(text, max(0, run.start - 24), run.start) else Level.SAFE
    if not word.islower():
        institution = word in _INSTITUTIONS or word in _TITLES
        return Level.SUGGEST if institution and not _CAPITAL_AFTER.match(text, run.end) else None
    if not _LETTERS.match(word) or word in _EMPHATIC:
        return None
    if _may_be_meant(text, run, word):
        return Level.SUGGEST
    if _TAKEN_UP.match(text, run.end):
        return Level.SUGGEST  # "I plead for tolerance tolerance as we mean it": a dash was lost
    abstract = _ABSTRACT.match(word) and not _ATTRIBUTE.search(word)
    return Level.SAFE if abstract else Level.SUGGEST


def _may_be_meant(text: str, run: Run, word: str) -> bool:
    """Whether the noun means the real thing, or the second one opens a clause: "the children children like"."""
    if _WEIGHED.match(text, run.end) and _INDEFINITE.search(text, max(0, run.start - 8), run.start):
        return True
    after = _WORD_AFTER.match(text, run.end)
    if after is None or after["word"] in FUNCTION_WORDS:
        return False
    plural = (word.endswith("s") and not word.endswith(("ss", "us"))) or word in ("children", "people")
    return plural or _RELATIVE.search(text, max(0, run.start - 30), run.start) is not None


def _set_apart(text: str, run: Run) -> bool:
    """Whether a mark beside the words shows that they are meant, named or cited."""
    before = text[max(0, run.start - 1) : run.start]
    after = text[run.end : run.end + 1]
    if before in ("“", '"', "‘", "'", "*", "_") and after in ("”", '"', "’", "'", "*", "_"):
        return True
    return before == "." or (after == "-") or text[run.end : run.end + 2] in (" -", " –", " —")


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """Every title before a name and every abstract noun, twice."""
    text = document.text
    if repetition.is_spoken(text):
        return
    for match in _SINGLE.finditer(text):
        word = match.group()
        titled = word in _TITLES and _NAME_AFTER.match(text, match.end())
        doubled = text.startswith(f" {word.lower()}", match.end()) or text[: match.start()].endswith(f"{word} ")
        if not doubled and (titled or (word.islower() and word not in _EMPHATIC)):
            level = Level.SUGGEST if _TAKEN_UP.match(text, match.end()) else None
            yield Damage(match.end(), match.end(), f" {word}", level)


RULE = Rule(
    code="REP102",
    name="doubled-content-word",
    message="a word stands twice",
    level=Level.SAFE,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.97,
    find=find,
    damage=damage,
    bad=(
        Example(
            "Prime Minister Minister Suga met President President Biden.", "Prime Minister Suga met President Biden."
        ),
        Example("Both sides value cooperation cooperation at sea.", "Both sides value cooperation at sea."),
        Example("The investment investment, he said, will pay.", "The investment, he said, will pay."),
        Example("He reads the economy economy section.", None),
        Example("The envoys walked through the Park Park on foot.", None),
    ),
    good=(
        "A very very long, long time ago they had many many ships.",
        "Duran Duran, Sirhan Sirhan and Boutros Boutros-Ghali met in Walla Walla, New York, New York.",
        "They fly to Bora Bora; Zsa Zsa says bye bye, and Paris Paris is a song.",
        "Gorilla gorilla and Bison bison are animals. Knock knock, yes yes, ha ha.",
        "They like salad salad, not tuna salad; Traci Traci signed.",
        "In Major Major there is nothing. “Cooperation, cooperation, cooperation!” he cried.",
        'The slogan "development development" was on every wall.',
        "Higher prices Prices have risen; the nation Nation magazine covers.",
        "Without cooperation, cooperation agreements mean nothing.",
    ),
)
