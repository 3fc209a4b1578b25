"""Where a doubled word may be two verbs: "The people we help help us".

English leaves out "that" and "whom", so that the verb of a *contact clause* stands beside the verb of the sentence, and
the two may be the same word. No mark shows it. What does is the subject of the inner clause behind the word that the
clause describes: "people we", "everyone John", "house my father". Where such a pair stands, or a relative word, a verb
that is doubled behind it stays, and so does a past form behind a noun ("the men hired hired others"); behind an
article, an adjective or a preposition the word is a noun, and may go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.repetition import ARTICLES, FUNCTION_WORDS, PREPOSITIONS
from cleaners.rewrite import masking, vocabulary
from cleaners.spacing import words

_PAIR = re.compile(r"(?<![\w'-])(?P<word>[^\W\d_]{2,})\s+(?P=word)(?![\w'-])", re.I)
_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\S")
_SENTENCE_END = re.compile(r"[.!?;:]\s")

_PAST = words(
    """
    arose ate awoke bade became been began begun bent bit bitten blew blown bled bore borne bought bound bred broke
    broken brought built burnt came caught chose chosen clung crept dealt done drawn dreamt drew driven drove drank
    drunk dug dwelt eaten fallen fed fell felt fled flew flown flung forbade forgave forgiven forgot forgotten
    fought found froze frozen gave given gone got gotten grew ground grown held heard hid hidden hung kept knelt
    knew known laid lain leant leapt learnt led left lent lit lost made meant met misled misunderstood overcame
    overtook paid proven ran rang rode ridden risen rose rung said sang sank sat saw seen sent sewn shaken shed
    shone shook shot shown shrank shrunk slain slept slew slid slung smelt sold sought sowed sown spat sped spelt
    spent spilt spoilt spoke spoken sprang sprung spun stole stolen stood strewn stricken strode struck strung stuck
    stung stunk sung sunk swam swept swollen swore sworn swum swung taken taught thought threw thrown told took tore
    torn trod trodden undertook understood upset went wept withdrew withdrawn woke woken won wore worn wound wove
    woven written wrote wrung
    """
)
_PRESENT = words(
    """
    arise awake bear beat become begin bend bet bid bind bite bleed blow break breed bring broadcast build burn
    burst buy cast catch choose cling come cost creep cut deal dig dive do draw dream drink drive dwell eat fall
    feed feel fight find fit flee fling fly forbid forecast forget forgive freeze get give go grow hang hear hide
    hit hold hurt keep kneel know lay lead lean leap learn leave lend let lie light lose make mean meet overcome pay
    put quit read ride ring rise run say see seek sell send set sew shake shine shoot show shrink shut sing sink sit
    slay sleep slide sow speak speed spend spin spit split spoil spread spring stand steal stick sting stink stride
    strike swear sweep swell swim swing take teach tear tell think throw tread undergo understand undertake wake
    wear weave weep win wind withdraw write
    """
)
# Nouns among the families of irregular forms.
_PERSONS = words("man men woman women child children person people country countries")
_NOUN_ENDING = re.compile(r"(?:tion|sion|ment|ness|ship|ity|ance|ence|ism)s?\Z")
_PARTICIPLE = re.compile(r"[aeiouy].*ing\Z")

_RELATIVE = words(
    "who whom whose which that what whatever whoever whomever whichever when whenever where wherever how why whether"
)
_SUBJECTS = words(
    "i you he she it we they one everyone everybody someone somebody anyone anybody nobody others most many few "
    "i'd you'd he'd she'd we'd they'd i've you've we've they've i'll you'll he'll she'll we'll they'll"
)
_DETERMINERS = ARTICLES | words("my your all some no both another any either neither such several")
# Of those, what stands for no noun by itself.
_BEFORE_NOUNS = words("the a an my your his its our their every")
_ADJECTIVE = re.compile(
    r"(?:\w{2,}(?:ous|ful|less|able|ible|ical)|national|international|regional|economic|social|political|strategic"
    r"|bilateral|global|new|main|joint|foreign|domestic)\Z"
)
# Pronouns that a clause may describe, among the function words; and words that open a sentence or clause, but no noun.
_DESCRIBED = words("those these him them us me mine yours")
_ADVERBIAL = words(
    "yesterday today tomorrow now later soon still yet perhaps thus therefore however because although though unless "
    "until till once whereas lest again already often always never not let"
)
_VERB_FOLLOWS = words("to will would can could may might must shall should do does did i you he she we they who not")


def lost_verb(before: str, after: str) -> str | None:
    """The doubled word of a masked segment that ``after`` has once less, where its second may be a verb of its own."""
    for pair in _PAIR.finditer(before):
        word = pair["word"].lower()
        goes = _count(word, after) < _count(word, before)
        if goes and may_be_verb(word) and _may_end_clause(_words_before(before, pair.start()), word):
            return word
    return None


def may_be_verb(word: str) -> bool:
    """Whether a lower-case word may be a finite verb; one that is not common may, unless it ends like a noun."""
    if word in FUNCTION_WORDS or word in _PERSONS or _PARTICIPLE.search(word):
        return False
    if word in _PAST or word in _PRESENT or word in vocabulary.verb_forms() or word.endswith("ed"):
        return True
    bases = [word, *(word.removesuffix(ending) for ending in ("s", "es") if word.endswith(ending))]
    if word.endswith("ies"):
        bases.append(f"{word[:-3]}y")
    if any(base in _PRESENT or _is_inflected(base) for base in bases):
        return True
    return word not in vocabulary.counts() and not _NOUN_ENDING.search(word)


def _is_inflected(base: str) -> bool:
    stem = base.removesuffix("e")
    past = f"{base[:-1]}ied" if base.endswith("y") else f"{stem}ed"
    return len(base) > 2 and any(form in vocabulary.counts() for form in (past, f"{stem}ing"))


def _count(word: str, text: str) -> int:
    return sum(token == word for token in _TOKEN.findall(text.lower()))


def _words_before(text: str, end: int) -> list[str]:
    """The words and marks of the sentence in front of a place."""
    start = max((match.end() for match in _SENTENCE_END.finditer(text, 0, end)), default=0)
    return _TOKEN.findall(text[start:end])


def _may_end_clause(before: Sequence[str], verb: str) -> bool:
    """Whether a verb behind these words may end a clause that began among them."""
    if not before or _wants_noun(before[-1].lower()):
        return False
    if _is_past(verb) and _may_be_described(before, len(before) - 1):
        return True
    return any(_opens_clause(before, place) for place in range(len(before)))


def _wants_noun(word: str) -> bool:
    prepositional = word in PREPOSITIONS and word != "to"  # "the people we want to help help us"
    return prepositional or word in _BEFORE_NOUNS or _ADJECTIVE.match(word) is not None


def _opens_clause(tokens: Sequence[str], place: int) -> bool:
    """Whether a relative word stands here, or the subject of a clause behind a word that it may describe."""
    word = tokens[place].lower()
    if word in _RELATIVE:
        return not (word == "that" and place and tokens[place - 1].lower() in PREPOSITIONS)  # "at that time"
    if not place or not _may_be_described(tokens, place - 1):
        return False
    if word in _SUBJECTS or word in _DETERMINERS:
        return True
    described = tokens[place - 1]
    if masking.NAMES <= word < masking.FIGURES:
        return described.islower() or place == 1  # "everyone John knew", but "President Biden"
    # "The songs children sing", "the cause lawyers defend", "the things money buys".
    plural = _is_plural(word) or (_is_plural(described) and word not in FUNCTION_WORDS and word.isalpha())
    return plural and place == len(tokens) - 1


def _is_plural(word: str) -> bool:
    return word in _PERSONS or (word.endswith("s") and not word.endswith(("ss", "us")))


def _is_past(word: str) -> bool:
    return word in _PAST or word.endswith("ed")


def _may_be_described(tokens: Sequence[str], place: int) -> bool:
    """Whether a word may be a noun or pronoun with a clause behind it."""
    word = tokens[place].lower()
    if masking.IS_SENTINEL.match(word):
        return word < masking.DATES
    if word in _DESCRIBED:
        return True
    if not word[0].isalpha() or word in FUNCTION_WORDS or word in _ADVERBIAL:
        return False
    if not place:
        return not word.endswith("ly") and word not in _DETERMINERS - {"all", "some", "several"}
    previous = tokens[place - 1].lower()
    if _is_past(word):
        return previous in _DETERMINERS  # "the wounded we help"
    return previous not in _VERB_FOLLOWS
