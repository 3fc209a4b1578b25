"""The shipped model: what it does to whole texts, through the command line and through both backends."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from cleaners import jobs
from cleaners.config import Settings
from cleaners.core import Document, Verdict, replay
from cleaners.rewrite import loading, masking
from cleaners.rewrite.backends import SHIPPED, Options

pytest.importorskip("ctranslate2")

LARGEST = 40_000_000  # bytes
MENDED = {
    "The plan would was sent to the council by the ministers of Oslo.": (
        "The plan would be sent to the council by the ministers of Oslo."
    ),
    "At the outset allow me. to share warm greetings from the people of Lithuania with this council.": (
        "At the outset allow me to share warm greetings from the people of Lithuania with this council."
    ),
    "Their firms pushed into the world world market in the spring of that year.": (
        "Their firms pushed into the world market in the spring of that year."
    ),
}
LEFT = (
    "They moved in in large numbers after the war was over and the roads were open.",
    "He gave the letter to the mayor. It was late, and the harbour was closed.",
    "The prices that they could pay was a matter for the council of Osaka.",
)


@pytest.fixture(scope="module")
def cleaner():
    return jobs.make_cleaner(Settings(), rewriting=True)


@pytest.mark.parametrize("raw", MENDED)
def test_a_flagged_sentence_is_mended(cleaner, raw):
    result = cleaner.clean(Document(raw))
    assert result.text == MENDED[raw]
    assert replay(raw, result.decisions) == result.text
    assert [d.finding.code for d in result.applied] == ["RWT101"]
    assert cleaner.clean(Document(result.text)).text == result.text


@pytest.mark.parametrize("raw", LEFT)
def test_what_is_right_or_cannot_be_decided_is_left_alone(cleaner, raw):
    assert cleaner.clean(Document(raw)).text == raw


def test_a_refused_rewrite_stands_in_the_trail_with_its_reason(cleaner):
    (decision,) = [
        d for d in cleaner.clean(Document("He spoke of trade with many country of Asia.")).decisions
        if d.finding.code == "RWT101"
    ]  # fmt: skip
    assert decision.verdict is Verdict.REFUSED
    assert "nats" in decision.reason


def test_the_model_is_small_and_says_what_it_is():
    assert (SHIPPED / "model.safetensors").stat().st_size <= LARGEST
    card = (SHIPPED / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert all(heading in card for heading in ("## Data", "## Recipe", "## Scores", "## Limits", "licence"))
    recipe = json.loads((SHIPPED / "recipe.json").read_text(encoding="utf-8"))
    log = [json.loads(line) for line in (SHIPPED / "training_log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert log[-1]["step"] == recipe["steps"]
    assert log[-1]["held_out"] < 0.3


def test_both_backends_say_nearly_the_same():
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    fast, slow = (loading.load(replace(Options(), backend=name, threads=1)) for name in ("ctranslate2", "transformers"))
    texts = [masking.mask(raw).text for raw in (*MENDED, *LEFT)]
    pairs = [(text, text) for text in texts]
    for one, two in zip(fast.score(pairs), slow.score(pairs), strict=True):
        assert one == pytest.approx(two, abs=1.5)
    first = [(a[0], b[0]) for a, b in zip(fast.propose(texts, 4), slow.propose(texts, 4), strict=True)]
    assert sum(a == b for a, b in first) >= len(first) - 1


PROBE = """
import sys
from cleaners import jobs
from cleaners.config import Settings
from cleaners.core import Document
cleaner = jobs.make_cleaner(Settings(), rewriting=True)
cleaner.clean(Document({text!r}))
print(*sorted({{"ctranslate2", "tokenizers", "torch", "transformers"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("text", "loaded"),
    [("He saw the the sea at Osaka. It rained.", ""), (next(iter(MENDED)), "ctranslate2 tokenizers")],
    ids=["nothing-left", "flagged"],
)
def test_the_model_is_loaded_only_where_something_is_left_to_it(text, loaded):
    run = subprocess.run([sys.executable, "-c", PROBE.format(text=text)], capture_output=True, text=True)
    assert run.stdout.strip() == loaded, run.stderr
