"""Reports a reflexive pronoun that stands as the subject of an infinitive.

**What.** ``it is difficult for themselves to be out of the way``.

**Mechanism.** Chinese 自己 and Japanese 自身 can be a subject; "themselves" in English cannot.

**Left alone.** "for himself", "by themselves to", and "for itself" without an infinitive after it.

**Source.** English grammar: a reflexive needs its antecedent in the same clause.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity
from cleaners.lazily import lazy

# With "hard", "easy" or "enough" a reflexive may belong to the clause before: "he made it easy for himself to leave".
_ADJECTIVES = "difficult|impossible|necessary|important"
_BE = r"(?:is|was|be|been|are|were|becomes?|became) (?:\w+ )?"
_REFLEXIVES = {
    "him": "himself", "her": "herself", "it": "itself", "them": "themselves", "us": "ourselves", "me": "myself",
    "one": "oneself",
}  # fmt: skip
# "what is important for themselves to know" belongs to the clause around it.
_REFLEXIVE = lazy(rf"(?<![Ww]hat )\b{_BE}(?:{_ADJECTIVES}) for (?:{'|'.join(_REFLEXIVES.values())}) to [a-z]+")
_SUBJECT = lazy(rf"(?<![Ww]hat )\b{_BE}(?:{_ADJECTIVES}) for (?P<pronoun>{'|'.join(_REFLEXIVES)}) to [a-z]+")


def find(document: Document) -> Iterator[Finding]:
    """Adjective, "for", a reflexive, and an infinitive."""
    if "self to " not in document.text and "selves to " not in document.text:
        return
    for match in _REFLEXIVE.finditer(document.text):
        yield RULE.finding(*match.span(), None)


def damage(document: Document, random: Random) -> Iterator[Damage]:
    """The reflexive for every pronoun that is the subject of such an infinitive."""
    for match in _SUBJECT.finditer(document.text):
        yield Damage(*match.span("pronoun"), _REFLEXIVES[match["pronoun"]])


RULE = Rule(
    code="SYN102",
    name="reflexive-subject",
    message="a reflexive pronoun stands as the subject of the infinitive",
    level=Level.REPORT,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.85,
    find=find,
    damage=damage,
    bad=(
        Example("It is difficult for themselves to stay away.", None),
        Example("It is necessary for itself to change course.", None),
        Example("It was impossible for ourselves to explain it.", None),
    ),
    good=(
        "It is difficult for them to stay away.",
        "They built it for themselves to last.",
        "It is hard to see for oneself.",
        "He kept the best for himself.",
        "She is able to speak for herself to the press.",
    ),
)
