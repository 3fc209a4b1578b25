"""Trains the rewrite model: a small BART that undoes noise in masked segments.

The order of the segments, the noise and the initial weights follow from the recipe's seed, so that the same recipe on
the same text gives the same model up to the rounding of the machine. The learning rate warms up, stays, and falls to
nothing over the last part of the steps (warm-up, stable, decay), so that a run that was stopped can be continued with
more steps as if it had been asked for them at first.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from cleaners.errors import MtcleanError
from cleaners.rewrite import masking, tokens
from cleaners.rewrite.corpus import Corpus
from cleaners.rewrite.noise.pairs import Noiser, Pair

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import BartForConditionalGeneration

CHECKPOINT = "checkpoint.pt"
LOG = "training_log.jsonl"
RECIPE = "recipe.json"
_POOL = 4096  # pairs that are sorted by length together
_VOCABULARY_SEGMENTS = 150_000
_MEASURED = 300  # held-out segments that are scored on the way


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what a training run makes of a corpus.

    ``batch`` is in pieces of source or target, whichever is longer, padding included; ``warmup`` in steps;
    ``cooldown`` the share of the steps over which the learning rate falls to nothing.
    """

    seed: int = 20
    steps: int = 10_000
    batch: int = 1_500
    learning_rate: float = 1e-3
    warmup: int = 500
    cooldown: float = 0.25
    vocabulary: int = 8_000
    width: int = 256
    encoder_layers: int = 4
    decoder_layers: int = 2
    heads: int = 4
    feed_forward: int = 1024
    dropout: float = 0.1
    longest: int = 128

    def rate(self, step: int) -> float:
        """The learning rate at a step, counted from zero."""
        falling = max(1, round(self.steps * self.cooldown))
        rising = min(1.0, (step + 1) / max(1, self.warmup))
        return self.learning_rate * min(rising, max(0.0, (self.steps - step) / falling))


@dataclass(frozen=True, slots=True)
class Batch:
    """Piece numbers, padded: ``source`` and ``target`` are (pairs, pieces)."""

    source: torch.Tensor
    target: torch.Tensor


@dataclass
class Training:
    """One run: a recipe, a corpus, and where the results go."""

    recipe: Recipe
    corpus: Corpus
    noiser: Noiser
    output: Path
    report: Callable[[str], None] = lambda line: None
    every: int = 200

    def run(self) -> Path:
        """Train to the last step, or on from a checkpoint in the output folder; gives the folder of the model.

        Raises :class:`MtcleanError` where that checkpoint is of another recipe.
        """
        import torch

        torch.manual_seed(self.recipe.seed)
        self.output.mkdir(parents=True, exist_ok=True)
        self._keep_recipe()
        tokenizer = self._vocabulary()
        model = new_model(self.recipe, tokenizer.get_vocab_size())
        optimizer = torch.optim.AdamW(_parameter_groups(model), lr=1.0, betas=(0.9, 0.98), eps=1e-9, fused=True)
        done = self._resume(model, optimizer)
        if done < self.recipe.steps:
            self._learn(model, optimizer, tokenizer, done)
        return self._finish(model, tokenizer)

    def _learn(
        self,
        model: BartForConditionalGeneration,
        optimizer: torch.optim.Optimizer,
        tokenizer: Tokenizer,
        done: int,
    ) -> None:
        """Every step from ``done`` on; the batches before it are made and thrown away."""
        import torch

        held_out = self._held_out(tokenizer)
        started, losses, seen = time.monotonic(), [], 0
        for step, batch in enumerate(self.batches(tokenizer)):
            if step >= self.recipe.steps:
                break
            seen += int((batch.target != tokens.PAD).sum())
            if step < done:
                continue
            for group in optimizer.param_groups:
                group["lr"] = self.recipe.rate(step)
            # Seeded anew at each step, so that a run that goes on drops out the same units as one that never stopped.
            torch.manual_seed(self.recipe.seed * 1_000_003 + step)
            losses.append(learn(model, optimizer, batch))
            if (step + 1) % self.every == 0 or step + 1 == self.recipe.steps:
                row = {"step": step + 1, "loss": round(sum(losses) / len(losses), 4), "rate": self.recipe.rate(step)}
                row |= {"held_out": round(_loss(model, held_out), 4), "pieces": seen}
                row |= {"seconds": round(time.monotonic() - started, 1)}
                self._keep(model, optimizer, step + 1, row)
                losses = []

    def batches(self, tokenizer: Tokenizer) -> Iterator[Batch]:
        """Batches without end, in an order that the seed decides; each round over the corpus draws fresh noise."""
        for number, pool in enumerate(self._pools()):
            of_pool = list(batched(tokenizer, pool, self.recipe.longest, self.recipe.batch))
            Random(f"{self.recipe.seed}:{number}").shuffle(of_pool)
            yield from of_pool

    def _pools(self) -> Iterator[list[Pair]]:
        pool: list[Pair] = []
        for turn in range(1_000_000):
            for number, segment in enumerate(self.corpus.training):
                pair = self.noiser.pair(segment, Random(f"{self.recipe.seed}:{turn}:{number}"))
                if pair is not None:
                    pool.append(pair)
                if len(pool) == _POOL:
                    yield pool
                    pool = []

    def _keep_recipe(self) -> None:
        """Write the recipe beside the checkpoint; one that is there must be the same but for the number of steps."""
        path = self.output / RECIPE
        mine = asdict(self.recipe)
        if path.is_file():
            theirs = json.loads(path.read_text(encoding="utf-8"))
            for key, value in mine.items():
                if key not in ("steps", "cooldown") and theirs.get(key) != value:
                    what = f"the run in it has {key} {theirs.get(key)!r}, this one {value!r}"
                    raise MtcleanError(str(self.output), what, "give another folder")
        path.write_text(json.dumps(mine, indent=1) + "\n", encoding="utf-8")

    def _vocabulary(self) -> Tokenizer:
        from tokenizers import Tokenizer

        kept = self.output / "tokenizer.json"
        if kept.exists():
            return Tokenizer.from_file(str(kept))
        masked = []
        for segment in self.corpus.training[:_VOCABULARY_SEGMENTS]:
            try:
                masked.append(masking.mask(segment).text)
            except masking.MaskingError:
                continue
        tokenizer = tokens.train(masked, self.recipe.vocabulary)
        tokenizer.save(str(kept))
        return tokenizer

    def _held_out(self, tokenizer: Tokenizer) -> list[Batch]:
        pairs = []
        for number, segment in enumerate(self.corpus.held_out[:_MEASURED]):
            pair = self.noiser.pair(segment, Random(f"held out:{number}"))
            if pair is not None:
                pairs.append(pair)
        return list(batched(tokenizer, pairs, self.recipe.longest, self.recipe.batch))

    def _keep(
        self, model: BartForConditionalGeneration, optimizer: torch.optim.Optimizer, step: int, row: dict[str, Any]
    ) -> None:
        import torch

        self.report(" ".join(f"{key} {value}" for key, value in row.items()))
        with (self.output / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
        fresh = self.output / f"{CHECKPOINT}.tmp"
        torch.save(state, fresh)
        fresh.replace(self.output / CHECKPOINT)

    def _resume(self, model: BartForConditionalGeneration, optimizer: torch.optim.Optimizer) -> int:
        import torch

        path = self.output / CHECKPOINT
        if not path.exists():
            return 0
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        return int(state["step"])

    def _finish(self, model: BartForConditionalGeneration, tokenizer: Tokenizer) -> Path:
        """Write the weights in half precision, in safetensors, with the vocabulary and the recipe."""
        import torch

        folder = self.output / "model"
        halved: Any = model
        halved.to(torch.float16).save_pretrained(folder)
        tokens.save(tokenizer, folder, self.recipe.longest)
        (folder / RECIPE).write_text(json.dumps(asdict(self.recipe), indent=1) + "\n", encoding="utf-8")
        return folder


def new_model(recipe: Recipe, vocabulary: int) -> BartForConditionalGeneration:
    """A BART with fresh weights, in the size that the recipe names."""
    from transformers import BartConfig, BartForConditionalGeneration

    config = BartConfig(
        vocab_size=vocabulary,
        d_model=recipe.width,
        encoder_layers=recipe.encoder_layers,
        decoder_layers=recipe.decoder_layers,
        encoder_attention_heads=recipe.heads,
        decoder_attention_heads=recipe.heads,
        encoder_ffn_dim=recipe.feed_forward,
        decoder_ffn_dim=recipe.feed_forward,
        max_position_embeddings=recipe.longest + 2,
        dropout=recipe.dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
        scale_embedding=True,
        bos_token_id=tokens.BOS,
        pad_token_id=tokens.PAD,
        eos_token_id=tokens.EOS,
        decoder_start_token_id=tokens.EOS,
        forced_eos_token_id=None,
        init_std=recipe.width**-0.5,
    )
    model = BartForConditionalGeneration(config)
    for half in (model.model.encoder, model.model.decoder):
        _place(half.embed_positions)
    return model


def _place(positions: torch.nn.Embedding) -> None:
    """Start the learned positions from sinusoids, as wide as the embeddings of pieces.

    Copying needs the decoder to find its place in the source; from small random vectors that takes it most of a short
    training run.
    """
    import torch

    count, width = positions.weight.shape
    angles = torch.arange(count).unsqueeze(1) * torch.pow(10_000.0, -torch.arange(0, width, 2) / width)
    with torch.no_grad():
        positions.weight[:, 0::2] = angles.sin()
        positions.weight[:, 1::2] = angles.cos()


def _parameter_groups(model: BartForConditionalGeneration) -> list[dict[str, Any]]:
    """Weight decay for matrices alone: biases and norms have nothing to decay to."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]


def learn(model: BartForConditionalGeneration, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
    """One step on one batch; gives its loss, in nats a piece."""
    import torch

    model.train()
    loss = _forward(model, batch)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def _forward(model: BartForConditionalGeneration, batch: Batch) -> torch.Tensor:
    import torch

    labels = batch.target.masked_fill(batch.target == tokens.PAD, -100)
    with torch.autocast(model.device.type, torch.bfloat16):
        answer = model(input_ids=batch.source, attention_mask=(batch.source != tokens.PAD).long(), labels=labels)
    loss: torch.Tensor = answer.loss
    return loss


def _loss(model: BartForConditionalGeneration, batches: Sequence[Batch]) -> float:
    """Mean cross-entropy a batch, in nats a piece."""
    import torch

    model.train(False)
    with torch.no_grad():
        return math.fsum(float(_forward(model, batch)) for batch in batches) / max(1, len(batches))


def batched(tokenizer: Tokenizer, pairs: Sequence[Pair], longest: int, size: int) -> Iterator[Batch]:
    """The pairs in batches of like length, shortest first; those of more than ``longest`` pieces are left out."""
    pieces = sorted(_encoded(tokenizer, pairs, longest), key=lambda pair: (len(pair[0]), len(pair[1])))
    for rows in _cut(pieces, size):
        yield _padded(rows)


def _encoded(tokenizer: Tokenizer, pairs: Sequence[Pair], longest: int) -> list[tuple[list[int], list[int]]]:
    sources = tokens.encode(tokenizer, [pair.source for pair in pairs])
    targets = tokens.encode(tokenizer, [pair.target for pair in pairs])
    both = zip(sources, targets, strict=True)
    return [(source, target) for source, target in both if max(len(source), len(target)) <= longest]


def _cut(pieces: Sequence[tuple[list[int], list[int]]], size: int) -> Iterator[list[tuple[list[int], list[int]]]]:
    """Runs of pairs of like length whose padded size stays within ``size``."""
    rows: list[tuple[list[int], list[int]]] = []
    longest = 0
    for pair in pieces:
        longest = max(longest, len(pair[0]), len(pair[1]))
        if rows and longest * (len(rows) + 1) > size:
            yield rows
            rows, longest = [], max(len(pair[0]), len(pair[1]))
        rows.append(pair)
    if rows:
        yield rows


def _padded(rows: Sequence[tuple[list[int], list[int]]]) -> Batch:
    import torch

    def block(lists: Sequence[list[int]]) -> torch.Tensor:
        width = max(map(len, lists))
        return torch.tensor([row + [tokens.PAD] * (width - len(row)) for row in lists])

    return Batch(block([source for source, _ in rows]), block([target for _, target in rows]))
