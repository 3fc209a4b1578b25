"""Takes out the second of two conjunctions that join the same two clauses.

**What.** ``Although it rained, but the game went on.`` becomes ``Although it rained, the game went on.``;
``Because prices fell, so they bought.`` becomes ``Because prices fell, they bought.``

**Mechanism.** Chinese marks both clauses (虽然 … 但是, 因为 … 所以), English only one of them; the system translates
both marks.

**Left alone.** A clause with a comma of its own, since "but" may then join two main clauses ("Although he was
tired, he went, but she stayed"); "although" that follows its main clause ("He went, although it rained, but she
stayed"); "but not least", "but for"; "so" that means thus or that much ("Because it is late, so is the tea").

**Source.** Quirk et al., A Comprehensive Grammar of the English Language, 13.19 and 8.144: a subordinate clause
takes a conjunct such as "yet", never a coordinator.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners import scan
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

_CLAUSE = r"(?= (?:[\w’'%$£€/-]+ ){2})[^,.;:!?\"“”()\n]{8,140}"
# What follows "so" where a new main clause starts.
_SUBJECT = r"(?:the|this|these|those|he|she|it|they|we|I|you|there|when|if|his|her|its|their|our)"
# "narrow for two, but wide enough for one, it …": within the clause, which a subject behind a second comma shows.
_WITHIN = (
    rf"(?!(?:{_SUBJECT}|in|on|at|by|with|as|to|from|after|since|when|if|while|because|due|according)\b)"
    rf"[^,.;:!?\n]{{3,60}}, {_SUBJECT}\b|(?:rarely|seldom|hardly|not) [^,.;:!?\n]{{3,60}}, \w"
)
_NOT_BUT = rf"(?!not least|for |one |two |that |{_WITHIN})"
_NOT_SO = (
    r"(?!(?:the )?\w+ (?:goes|went|has it|had it|runs|says?|said|seems?|thinks?|thought|believes?|claims?|hopes?)\b"
    r"|(?:\w+ ){2,4}(?:says?|said|tells?|told|claims?|claimed)(?: (?:me|us|him|her|them))?,)"
)
_OPENS = r"(?<![\w,;:’'-] )(?<![\w-])"
_DOUBLED = lazy(
    rf"(?:{_OPENS}(?:Although|Though|Even though)|\bthat (?:although|even though)){_CLAUSE}, (?P<but>but ){_NOT_BUT}\w"
    rf"|{_OPENS}Because{_CLAUSE}, (?P<so>so ){_NOT_SO}{_SUBJECT}\b"
)
# The word that opens the first clause; "that even" may go before it.
_OPENERS = (lazy("hough "), lazy("Because "))
_REACH = len("that even t")
_SINGLE = lazy(
    rf"{_OPENS}(?:(?P<but>Although|Though|Even though)|Because){_CLAUSE}, (?P<main>{_SUBJECT} [\w’'-]+ [\w’'-]+)"
)
_SPEECH = lazy(rf"\A{_NOT_SO}")


def find(document: Document) -> Iterator[Finding]:
    """The second conjunction, with the first before it in the same sentence."""
    text = document.text
    if ", but " not in text and ", so " not in text:
        return
    for match in scan.around(_DOUBLED, text, _REACH, *_OPENERS):
        yield RULE.finding(*match.span("but" if match["but"] else "so"), "", proof=match.end() - match.start())


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """A second conjunction before the main clause that follows a subordinate one."""
    for match in _SINGLE.finditer(document.text):
        if _SPEECH.match(match["main"]):
            yield Damage(match.start("main"), match.start("main"), "but " if match["but"] else "so ")


RULE = Rule(
    code="SYN111",
    name="doubled-conjunction",
    message="two conjunctions join the same two clauses",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.9,
    find=find,
    damage=damage,
    bad=(
        Example("Although it rained all day, but the game went on.", "Although it rained all day, the game went on."),
        Example(
            "Because the prices fell again, so they bought a second house.",
            "Because the prices fell again, they bought a second house.",
        ),
        Example(
            "Experts hold that although exports have grown, but the trend is weak.",
            "Experts hold that although exports have grown, the trend is weak.",
        ),
        Example(
            "The rule is old. Even though nobody likes it, but it stays in force.",
            "The rule is old. Even though nobody likes it, it stays in force.",
        ),
    ),
    good=(
        "Although he was very tired, he went, but she stayed at home.",
        "He went out, although it rained all day, but she stayed at home.",
        "Although last in the list, but not least, he won.",
        "Because it is late, so is the tea.",
        "Because of the heat, so rare in May, schools closed.",
        "Because the road was closed, so the story goes, nobody came.",
        "Although it rained, it was not the rain, but the wind, that did it.",
        "Though all hands, but one, were lost, she sailed.",
    ),
)
