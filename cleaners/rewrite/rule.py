"""The rewrite as a rule among the others, so that it is selected, ignored, explained and listed like them."""

from __future__ import annotations

from cleaners.core import Example, Level, Rule, Severity, Stage

CODE, NAME = "RWT101", "rewritten-clause"

RULE = Rule(
    code=CODE,
    name=NAME,
    message="the clause was written anew",
    level=Level.SUGGEST,
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    confidence=0.9,
    find=lambda document: (),
    bad=(Example("The plan would was sent to the council.", "The plan would be sent to the council."),),
    good=("The plan would be sent to the council.",),
    stage=Stage.REWRITE,
    doc="""Writes a flagged clause anew, where a model and every guard agree on how.

**What.** Sentences in which a finding is left open: cut in two, doubled, without agreement, with words astray.

**Mechanism.** A small sequence-to-sequence model that was trained to undo what translation does to sentences sees the
sentence with its names and figures masked, and proposes.

**Left alone.** Every sentence without a finding; every word outside the flagged clause; names, figures, negations,
modal verbs and quotations. What changes words of content is suggested, never applied.

**Source.** The model's card says what it was trained on.
""",
)
