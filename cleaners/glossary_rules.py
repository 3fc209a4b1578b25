"""The glossary as two rules, its terms and its names, so that it is selected, explained and run like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from cleaners import garbling
from cleaners.company import NAMED_KINDS
from cleaners.core import Damage, Document, Example, Finding, Level, Rule, Severity, Stage
from cleaners.glossary import NAME_CODE, RULE_NAMES, TERM_CODE, Glossary
from cleaners.glossary_file import KINDS

_RULE_DOCS = {
    TERM_CODE: """Puts the usual term in place of another wording, as the glossary says.

**What.** Terms, titles, treaties and programmes of the glossary: ``NATO contact office`` becomes
``NATO liaison office``.

**Mechanism.** The system translates a fixed term word by word.

**Left alone.** Variants whose conditions (``when``, ``unless``) do not hold, parts of words, of longer terms
and of longer names, what another owns ("the bank's"), and terms marked ``keep``.

**Source.** The entry named in the finding; each entry proves itself by its own examples.""",
    NAME_CODE: """Puts the right name in place of a garbled one, as the glossary says.

**What.** Places, persons and organisations of the glossary: ``Vernis`` becomes ``Vilnius`` in a text about
Lithuania.

**Mechanism.** A foreign name reaches English by way of Japanese or Chinese sounds and characters.

**Left alone.** Variants whose conditions (``when``, ``unless``) do not hold; parts of longer names (Anna
Vernis, Vernis Nails); what another owns ("Morocco's"), an apposition introduces ("Vernis, a poet"), quotation
marks set off, or the text speaks of as a word or as an invention.

**Source.** The entry named in the finding; each entry proves itself by its own examples.""",
}


def rules(glossary: Glossary) -> tuple[Rule, Rule]:
    """The glossary's two rules; they search a document once between them."""
    last: list[tuple[Document, tuple[Finding, ...]]] = []

    def found(document: Document) -> tuple[Finding, ...]:
        if not last or last[0][0] is not document:
            last[:] = [(document, tuple(glossary.find(document)))]
        return last[0][1]

    return _rule(glossary, TERM_CODE, found), _rule(glossary, NAME_CODE, found)


def _rule(glossary: Glossary, code: str, found: Callable[[Document], Sequence[Finding]]) -> Rule:
    named = code == NAME_CODE

    def find(document: Document) -> Iterator[Finding]:
        """Variants of this kind."""
        return (finding for finding in found(document) if finding.code == code)

    def damage(document: Document, random: Random) -> Iterable[Damage]:
        """Variants of this kind for the terms that stand in the document."""
        kinds = NAMED_KINDS if named else frozenset(KINDS) - NAMED_KINDS
        return garbling.damage(glossary, kinds, document, random)

    examples = [
        (entry, Example(bad, good)) for entry in glossary.entries for bad, good in entry.examples if bad != good
    ]
    return Rule(
        code=code,
        name=RULE_NAMES[code],
        message="a name stands in a garbled form" if named else "a term stands in another wording than the usual",
        level=Level.SAFE,
        severity=Severity.MAJOR if named else Severity.MINOR,
        mqm="accuracy/mistranslation" if named else "terminology/wrong-term",
        confidence=0.95,
        find=find,
        damage=damage,
        bad=tuple(example for entry, example in examples if (entry.kind in NAMED_KINDS) == named),
        good=tuple(bad for entry in glossary.entries for bad, good in entry.examples if bad == good),
        stage=Stage.GLOSSARY,
        doc=_RULE_DOCS[code],
    )
