"""Collapses a decoder's loop: the same words three times and more.

**What.** ``the exchange rate of the exchange rate of the exchange rate of the yuan`` becomes ``the exchange rate of
the yuan``; ``the people, the people, the people, the people, the people,`` stands once.

**Mechanism.** Greedy and beam search may fall into a cycle: what the decoder has just said makes it say the same
again. The loop runs until the length limit or until some word breaks it. A verb between a noun phrase and itself makes
no such cycle: subject and complement are a whole clause, and English chains such clauses into proverbs.

**Left alone.** Threefold emphasis ("very very very", "no, no, no", "location, location, location"), sounds and songs
("ha ha ha", "na na na na"), oaths and proclamations ("Hear ye, hear ye, hear ye"), "day after day after day", "a
friend of a friend of a friend", "the best of the best of the best", "again and again and again", proverbs whose
verb joins a thing to itself ("a deal is a deal is a deal"; only reported where it stands more than five times or the
chain does not end as it began), and lists of figures. What is chanted, sung or announced by a colon is only
suggested. Collapsed without asking are only phrases that hold a content word and no pronoun: three times with nothing
between them, five times with commas between, and an article or the like five times; what is linked to itself like a
chain of owners needs two content words. Shorter and looser loops are suggested.

**Source.** Seen in WMT system outputs; degenerate repetition in decoders: Holtzman et al. 2020, The Curious Case
of Neural Text Degeneration.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import repetition
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy
from cleaners.repetition import CONJUNCTIONS, FUNCTION_WORDS, KIN, PREPOSITIONS, PRONOUNS, Run, words

_COPIES_OF_ARTICLE = 5
_COPIES_WITH_COMMAS = 5
_COPIES_OF_NAME = 5
_COPIES_OF_PROVERB = 5
_ARTICLES = words("the a an of their its our your into these every")
_COMMAS = lazy(r"(?<=\w)(?P<first>,)(?: ?,){2,}(?=[ \u00a0]\w)")
# What people say over and over, in songs, chants and chat.
_SUNG = words(
    "oh ah ha hey ho la na no yes yeah yay ye wow god shit fuck love hallelujah hosanna amen baby please bye go come "
    "ring row bell bells holy never nevermore very really so too many much more long far again and blah yadda etc ding "
    "dong jingle tick tock knock boom bang beep ta da di du dum hear rah up down out in work ever big high fast slow "
    "location education action peace war freedom drill build lock usa one two three four hundred thousand million "
    "billion trillion super best good great old new moving like world without end cheap wonderful awful brief rude"
)
# What patterns are made of: of weavers and knitters, of drill, dance and verse.
_PATTERN = KIN | words(
    "left right front back forward backward red green blue yellow white black brown pink orange grey gray purple knit "
    "purl slip quick slow short long light dark heads tails win lose loss draw odd even start stop open close"
)
_UTTERS = lazy(
    r"(?::|\b(?:chants?|chanted|chanting|shouts?|shouted|shouting|cry|cries|cried|crying|yells?|yelled|roars?"
    r"|roared|sings?|sang|sung|singing|screams?|screamed"
    r"|wrote|writes?|reads?|went|goes|runs?|ran|repeats?|repeated|hummed|typed?)) \Z"
)
_UTTERED = lazy(r", (?:read|ran|went|said|sang|cried|chanted|shouted|roared|screamed|wrote)\b")
_GOES_ON = lazy(r"[ \u00a0]\w")
_LOOP = lazy(r"(?<![\w’'.-])the [a-z]{4,} [a-z]{5,}(?= (?:of|in|for) (?:the )?[a-z]{3,})")


def find(document: Document) -> Iterator[Finding]:
    """Words and phrases that stand three times and more."""
    text = document.text
    hits = [run for run in document.repeats if run.copies > 2 and run.gaps <= {","}]
    spoken = bool(hits) and repetition.is_spoken(text)
    for run in hits:
        level = _level(run) if run.plain else _level_with_commas(text, run)
        if level is None or text[run.start - 1 : run.start] in (".", "-", "/") or text[run.end : run.end + 1] == "-":
            continue
        if not repetition.same_case(text, run):
            continue
        if _is_proverb(text, run):
            closed = len(run.words) % run.period == len(run.joined)
            if not closed or run.copies > _COPIES_OF_PROVERB:
                yield RULE.finding(run.start, run.end, None, level=Level.REPORT, confidence=0.7)
            continue
        if spoken or (level is Level.SAFE and _is_uttered(text, run)):
            level = Level.SUGGEST
        if run.period == 1 and text[run.start].isupper() and level is Level.SUGGEST:
            if run.copies >= _COPIES_OF_NAME:  # "Wei Wei" is a name; a crowd shouts one three times
                yield RULE.finding(run.start, run.end, None, level=Level.REPORT, confidence=0.7)
            continue
        rest = run.spans[run.kept - 1].end
        yield RULE.finding(
            run.start,
            run.end,
            text[run.start : rest],
            level=level,
            confidence=0.98 if level is Level.SAFE else 0.8,
            message=f"{' '.join(run.phrase)!r} stands {run.copies} times",
            drops=text[rest : run.end],
        )
    for match in _COMMAS.finditer(text) if ",," in text or ", ," in text else ():
        yield RULE.finding(*match.span(), ",", level=Level.SUGGEST, confidence=0.8, message="commas without words")


def _level(run: Run) -> Level | None:
    """How far a loop without punctuation may be collapsed."""
    phrase, content = run.phrase, run.content
    if run.period == 1:
        if phrase[0] in _ARTICLES and run.copies >= _COPIES_OF_ARTICLE:
            return Level.SAFE
        return Level.SUGGEST if _is_word(phrase[0]) and not _SUNG.issuperset(phrase) else None
    if not _SUNG.isdisjoint(content) or not PRONOUNS.isdisjoint(phrase) or not CONJUNCTIONS.isdisjoint(run.joints):
        return None
    if _PATTERN.issuperset(content):
        return None  # "green green red green green red green green red"
    telling = sum(_is_word(word) for word in content)
    chained = not PREPOSITIONS.isdisjoint(run.joints)
    owners = len(run.words) % run.period > 0 and telling == 1 and chained
    if telling == 0 or (owners and (run.copies == 3 or (run.period == 2 and run.copies < 6))):
        return None  # "a friend of a friend of a friend", "day after day after day after day"
    if telling > 1 or (not chained and run.period > 2) or run.copies > 5:
        return Level.SAFE
    # Owners may stand in a chain; "in the wind in the wind in the wind" are none.
    placed = phrase[0] in PREPOSITIONS and phrase[0] not in ("of", "to", "by", "upon", "after")
    return Level.SAFE if placed and run.period > 2 and len(run.words) % run.period == 0 else Level.SUGGEST


def _level_with_commas(text: str, run: Run) -> Level | None:
    """How far a loop with commas may be collapsed: three and four times is rhetoric as well."""
    phrase, content = run.phrase, run.content
    if not _SUNG.isdisjoint(content) or not PRONOUNS.isdisjoint(phrase):
        return None
    if _PATTERN.issuperset(content) or not all(_is_word(word) for word in content):
        return None  # figures in a list, "he was, he was, he was"
    if run.period == 1:
        return Level.SUGGEST if run.copies >= _COPIES_WITH_COMMAS else None
    if run.copies >= _COPIES_WITH_COMMAS:
        listed = text.count(",", run.start, run.end) == len(run.words) - 1  # "pasta, sauce, cheese, pasta, sauce, …"
        return Level.SUGGEST if listed else Level.SAFE
    return Level.SUGGEST if run.copies == _COPIES_WITH_COMMAS - 1 or run.period > 3 else None


def _is_proverb(text: str, run: Run) -> bool:
    """Whether a thing is joined to itself by a verb: "boys will be boys will be boys".

    What opens with the verb has another subject and is a proverb only where it ends with the clause: "refugees are
    people are people are people." but not "he is a member is a member is a member of the council".
    """
    if not run.joined:
        return False
    return run.phrase[0] == run.joined[0] or _GOES_ON.match(text, run.end) is None


def _is_uttered(text: str, run: Run) -> bool:
    """Whether somebody sings or chants the words, or a pattern is announced: "the crowd roared home run home run"."""
    before = _UTTERS.search(text, max(0, run.start - 16), run.start)
    return before is not None or _UTTERED.match(text, run.end) is not None


def _is_word(word: str) -> bool:
    return len(word) > 2 and word not in FUNCTION_WORDS and word.isalpha() and any(c in "aeiouy" for c in word)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A noun with its attribute, three to six times, linked to itself by the preposition behind it."""
    text = document.text
    if repetition.is_spoken(text):
        return
    for match in _LOOP.finditer(text):
        words_of = match.group().split()
        lawful = not FUNCTION_WORDS.isdisjoint(words_of[1:]) or not _SUNG.isdisjoint(words_of)
        if not lawful and not text[: match.start()].endswith(f"{match.group()} of "):
            yield Damage(*match.span(), " of ".join([match.group()] * random.randrange(3, 7)))


RULE = Rule(
    code="REP104",
    name="decoder-loop",
    message="the same words stand three times and more",
    level=Level.SAFE,
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    confidence=0.98,
    find=find,
    damage=damage,
    bad=(
        Example(
            "The bank set the central rate of the central rate of the central rate of the yuan.",
            "The bank set the central rate of the yuan.",
        ),
        Example(
            "It serves the poor folk, the poor folk, the poor folk, the poor folk, the poor folk, who pay.",
            "It serves the poor folk, who pay.",
        ),
        Example("He sailed with the the the the the the fleet.", "He sailed with the fleet."),
        Example(
            "They trained in the harbour in the harbour in the harbour until dusk.",
            "They trained in the harbour until dusk.",
        ),
        Example(
            "The bridge is closed the bridge is closed the bridge is closed in May.",
            "The bridge is closed in May.",
        ),
        Example(
            "He is a member is a member is a member of the council.",
            "He is a member of the council.",
        ),
        Example(
            "The embassy in Oslo is in Oslo is in Oslo is in Oslo is closed.",
            "The embassy in Oslo is closed.",
        ),
        Example(
            "The talks are expected to the talks are expected to the talks are expected to end.",
            "The talks are expected to end.",
        ),
        Example("It is a system system system of water.", None),
        Example("A deal is a deal is a deal is what he said.", None),
        Example("They met in Oslo, , , and left.", None),
    ),
    good=(
        "It was very very very long, no, no, no, and never, never, never, never, never again.",
        "Ha ha ha, na na na na na na, ho ho ho, sang the choir; knock knock knock.",
        "Day after day after day after day the friend of a friend of a friend came.",
        "Again and again and again and again they rose, hand in hand in hand.",
        "Hear ye, hear ye, hear ye! Location, location, location!",
        "The bells, the bells, the bells, the bells, the bells, the bells, cried Poe.",
        "The best of the best of the best of the best; row row row your boat.",
        "I love you, I love you, I love you, I love you, I love you.",
        "The scores were 6, 6, 6, 6, 6 and 0 points, 0 points, 0 points, 0 points, 0 points, 0 points.",
        "Rose is a rose is a rose is a rose; a rose is a rose is a rose.",
        "Boys will be boys will be boys, and a deal is a deal is a deal.",
        "Enough is enough is enough; business is business is business.",
        "Refugees are refugees are refugees. The law of the land was the law of the land was the law of the land.",
        "Violence begets violence begets violence begets violence, as war leads to war leads to war leads to war.",
        "To share is to share is to share; his word was his word was his word.",
        "Wei Wei spoke with Yang Yang. He went from shop to shop to shop to shop; jab, jab, jab.",
    ),
)
