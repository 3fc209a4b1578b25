"""Learns from use: accepted and rejected edits become pairs, and a copy of the model is tuned on them.

An edit that stands in a trail was accepted; one that was undone or rejected by hand is not wanted, and the segment as
it was is what the model should have said. As many sentences of the clean texts, with nothing changed, keep it from
forgetting.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from cleaners import cleaned, trail
from cleaners.choices import BY_HAND, Choice
from cleaners.core import Document, Verdict, splice
from cleaners.errors import MtcleanError
from cleaners.files import Source
from cleaners.formats import Fields
from cleaners.rewrite import backends, corpus, segments, tokens, training
from cleaners.rewrite.noise.pairs import Pair, masked_together
from cleaners.rewrite.rewriter import THRESHOLDS
from cleaners.trail import Trail

_LEARNT = ("CUT", "REP", "STR", "SYN", "RWT")
_RATE, _ROUNDS, _BATCH = 5e-5, 3, 1_500
_AGAINST = tuple(f"{choice} {BY_HAND}" for choice in (Choice.UNDONE, Choice.REJECTED))


@dataclass(frozen=True, slots=True)
class Lessons:
    """Pairs from trails: what was accepted, what was rejected, and sentences that nobody complained of."""

    accepted: tuple[Pair, ...]
    rejected: tuple[Pair, ...]
    untouched: tuple[Pair, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All of them."""
        return self.accepted + self.rejected + self.untouched


def lessons(folder: Path, seed: int = 0) -> Lessons:
    """The lessons of every trail below ``folder`` whose clean text lies beside it.

    Trails of record files, and of packed ones, are left out. Raises :class:`MtcleanError` where there is none, or a
    trail does not fit its text.
    """
    paths = sorted(folder.rglob(f"*{trail.SUFFIX}"))
    if not paths:
        raise MtcleanError(str(folder), f"holds no {trail.SUFFIX} file", "give a folder that mtclean clean -o wrote")
    accepted: dict[Pair, None] = {}
    rejected: dict[Pair, None] = {}
    sound: dict[Pair, None] = {}
    for path in paths:
        clean = Path(str(path).removesuffix(trail.SUFFIX))
        read = cleaned.load(Source(str(clean), clean.name, "text", gzipped=False))
        packed = clean.suffix in (".gz", ".parquet")
        if packed or any(row["record"] is not None for row in read.trail.rows) or not clean.is_file():
            continue
        (text,) = read.texts(Fields())
        for pair, was_accepted in _taught(text.raw, read.trail):
            (accepted if was_accepted else rejected)[pair] = None
        sound.update(dict.fromkeys(_sound(text.clean)))
    taught = len(accepted) + len(rejected)
    untouched = list(sound)
    Random(seed).shuffle(untouched)
    return Lessons(tuple(accepted), tuple(rejected), tuple(untouched[:taught]))


def _taught(raw: str, read: Trail) -> Iterator[tuple[Pair, bool]]:
    """Each sentence of the raw text that an edit of these families was made in, or that one was kept out of."""
    document = Document(raw)
    seen = set()
    for row in read.rows:
        is_decided = row["verdict"] == Verdict.APPLIED.value or row["reason"] in _AGAINST
        if not row["code"].startswith(_LEARNT) or not is_decided:
            continue
        span = segments.around(document, row["start"], row["end"], row["code"])
        if span in seen:
            continue
        seen.add(span)
        inside = [r for r in read.applied if span[0] <= r["start"] and r["end"] <= span[1]]
        source = _spliced(raw, span, [r for r in inside if not r["code"].startswith(_LEARNT)])
        target = _spliced(raw, span, inside)
        pair = _pair(source, target)
        if pair is not None:
            yield pair, pair.source != pair.target


def _spliced(raw: str, span: tuple[int, int], rows: Sequence[dict[str, Any]]) -> str:
    start, end = span
    return splice(raw[start:end], [(r["start"] - start, r["end"] - start, r["fix"] or "") for r in rows])


def _pair(source: str, target: str) -> Pair | None:
    masked = masked_together(source, target)
    return masked and Pair.of(*masked)


def _sound(text: str) -> Iterator[Pair]:
    for segment in corpus.segments(text, Random(0)):
        pair = _pair(segment, segment)
        if pair is not None:
            yield pair


def tune(model: str, taught: Lessons, output: Path, seed: int = 0) -> Path:
    """Tune a copy of the model in folder ``model`` on the lessons and write it to ``output``; gives that folder.

    Raises :class:`MtcleanError` where the output is there already, or the model is none of those that can be tuned.
    """
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModelForSeq2SeqLM

    if output.exists():
        raise MtcleanError(str(output), "is there already", "give a folder that is not")
    if not taught.accepted and not taught.rejected:
        raise MtcleanError("train", "no edit in these trails teaches the model anything", "clean with rewrites first")
    backends.check_folder(model)
    folder = Path(model)
    torch.manual_seed(seed)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    loaded: Any = AutoModelForSeq2SeqLM.from_pretrained(folder, use_safetensors=True, dtype=torch.float32)
    longest = int(loaded.config.max_position_embeddings) - 2
    optimizer = torch.optim.AdamW(loaded.parameters(), lr=_RATE)
    for turn in range(_ROUNDS):
        pairs = list(taught.pairs)
        Random(f"{seed}:{turn}").shuffle(pairs)
        for batch in training.batched(tokenizer, pairs, longest, _BATCH):
            training.learn(loaded, optimizer, batch)
    loaded.to(torch.float16).save_pretrained(output)
    tokens.save(tokenizer, output, longest)
    thresholds = folder / THRESHOLDS
    if thresholds.is_file():
        shutil.copy(thresholds, output / THRESHOLDS)
    counts = {key: len(getattr(taught, key)) for key in ("accepted", "rejected", "untouched")}
    (output / "tuned_on.json").write_text(json.dumps(counts) + "\n", encoding="utf-8")
    return output
