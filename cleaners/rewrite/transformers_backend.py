"""Runs any sequence-to-sequence model that transformers can load: no remote code, and safetensors unless told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cleaners.errors import MtcleanError
from cleaners.rewrite import backends
from cleaners.rewrite.backends import Options, Spelling, UnavailableError

if TYPE_CHECKING:
    import torch

_BATCH = 32
_DTYPES = ("auto", "float32", "bfloat16", "float16")

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class TransformersBackend:
    """A model with its tokeniser on one device.

    ``streams`` runs batches beside each other, a thread for each: the steps of a small model are too short for several
    cores to share one.
    """

    model: Any
    tokenizer: Any
    spelling: Spelling
    longest: int
    streams: Executor

    def propose(self, texts: Sequence[str], beams: int) -> list[list[str]]:
        """Candidates by beam search over batches of like length; see :class:`~cleaners.rewrite.backends.Backend`."""
        given = [self.spelling.given(text) for text in texts]
        lengths = [len(pieces) for pieces in self.tokenizer(given)["input_ids"]] if given else []
        found: list[list[str]] = [[] for _ in texts]
        fitting = [i for i, length in enumerate(lengths) if length <= self.longest]
        if self.spelling.prompt == backends.PLACEHOLDER:
            copied = self._copied([texts[i] for i in fitting])
            for i, is_copy in zip(fitting, copied, strict=True):
                found[i] = [texts[i]] if is_copy else []
            fitting = [i for i, is_copy in zip(fitting, copied, strict=True) if not is_copy]
        answers = self._by_batch(
            [given[i] for i in fitting], [lengths[i] for i in fitting], lambda batch: self._generate(batch, beams)
        )
        for index, mine in zip(fitting, answers, strict=True):
            found[index] = list(dict.fromkeys(self.spelling.read(answer) for answer in mine))
        return found

    def _by_batch(self, rows: Sequence[S], lengths: Sequence[int], run: Callable[[list[S]], Sequence[T]]) -> list[T]:
        """What ``run`` gives for the rows, taken in batches of like length, the longest first."""
        batches = backends.by_length(lengths, _BATCH)[::-1]
        answers = self.streams.map(lambda batch: run([rows[i] for i in batch]), batches)
        found = {i: a for batch, given in zip(batches, answers, strict=True) for i, a in zip(batch, given, strict=True)}
        return [found[i] for i in range(len(rows))]

    def _copied(self, texts: Sequence[str]) -> list[bool]:
        """Whether the model, led along each text, would write it again piece by piece: one pass tells, no search does.

        What a search would find besides is less likely than the text itself, so that no proof would let it through.
        """

        def led(batch: list[str]) -> list[bool]:
            logits, labels, present = self._logits([(text, text) for text in batch])
            same = (logits.argmax(-1) == labels) | ~present
            return [bool(is_copy) for is_copy in same.all(-1)]

        return self._by_batch(texts, list(map(len, texts)), led)

    def _generate(self, given: Sequence[str], beams: int) -> list[list[str]]:
        import torch

        inputs = self._batch(given)
        with torch.inference_mode():
            answers = self.model.generate(
                **inputs,
                past_key_values=_beam_cache(),
                num_beams=beams,
                num_return_sequences=beams,
                do_sample=False,
                early_stopping=True,  # as CTranslate2 does: a batch is as slow as its slowest row
                max_new_tokens=backends.answer_length(inputs["input_ids"].shape[1], self.longest),
            )
        read = self.tokenizer.batch_decode(answers, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return [read[first : first + beams] for first in range(0, len(read), beams)]

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Teacher-forced log-probabilities; see :class:`~cleaners.rewrite.backends.Backend`."""
        scores = [float("-inf")] * len(pairs)
        fitting = [i for i, pair in enumerate(pairs) if self._fits(self.spelling.given(pair[0]), pair[1])]
        chosen = [pairs[i] for i in fitting]
        found = self._by_batch(chosen, [len(source) + len(target) for source, target in chosen], self._scored)
        for i, score in zip(fitting, found, strict=True):
            scores[i] = score
        return scores

    def _fits(self, given: str, target: str) -> bool:
        pieces = self.tokenizer([given, self.spelling.target(target)])["input_ids"]
        return max(map(len, pieces)) <= self.longest

    def _scored(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        chances, labels, present = self._logits(pairs)
        chosen = chances.float().log_softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1)
        return [float(total) for total in (chosen * present).sum(-1)]

    def _logits(self, pairs: Sequence[tuple[str, str]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What the model thinks of every piece along each target, the pieces, and which of them are no padding."""
        import torch

        inputs = self._batch([self.spelling.given(source) for source, _ in pairs])
        target = self._batch([self.spelling.target(target) for _, target in pairs])
        labels, present = target["input_ids"], target["attention_mask"].bool()
        with torch.inference_mode():
            answer = self.model(**inputs, labels=labels.masked_fill(~present, -100))
        return answer.logits, labels, present

    def _batch(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        batch = self.tokenizer(list(texts), return_tensors="pt", padding=True, return_token_type_ids=False)
        return {key: value.to(self.model.device) for key, value in batch.items()}


def load(options: Options) -> TransformersBackend:
    """Load the model and its tokeniser; raises :class:`UnavailableError` where one of them is not there."""
    for package in ("torch", "transformers"):
        if backends.is_missing(package):
            raise UnavailableError(
                "rewrite", f"the package {package} is not installed", "pip install 'mtclean[rewrite]'"
            )
    if options.dtype not in _DTYPES:
        raise MtcleanError("rewrite.dtype", f"{options.dtype!r} is none of {', '.join(_DTYPES)}")
    _quieten()
    try:
        return _loaded(options)
    except Exception as error:  # a folder can be broken in as many ways as the libraries have readers
        raise UnavailableError(f"rewrite.model {options.model}", _reason(error, options), _advice(options)) from error


def _loaded(options: Options) -> TransformersBackend:
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(options.model, trust_remote_code=False)
    model: Any = AutoModelForSeq2SeqLM.from_pretrained(
        options.model,
        trust_remote_code=False,
        use_safetensors=None if options.pickled_weights else True,
        dtype=getattr(torch, _dtype(options)),
        # A step asks for one row: there the fused kernels of a processor take longer than plain products.
        attn_implementation="eager" if _on_processor(options) else None,
    )
    model.to(torch.device(options.device))
    model.eval()
    pieces = tokenizer("\ue000", add_special_tokens=False)["input_ids"]
    knows = len(pieces) == 1 and pieces[0] != tokenizer.unk_token_id
    longest = min(int(tokenizer.model_max_length), int(getattr(model.config, "max_position_embeddings", 512)), 512)
    spelling = Spelling(options.prompt or backends.PLACEHOLDER, own=knows)
    return TransformersBackend(model, tokenizer, spelling, longest, _streams(options))


def _dtype(options: Options) -> str:
    """``auto`` is half the width where the processor computes in it: beside a rounding, it is only quicker."""
    import torch

    if options.dtype != "auto":
        return options.dtype
    return "bfloat16" if _on_processor(options) and torch.cpu.get_capabilities().get("avx512_bf16") else "float32"


def _on_processor(options: Options) -> bool:
    return options.device == "cpu"


def _streams(options: Options) -> Executor:
    """A thread for each core that computes alone; one for a device, which orders its work itself."""
    import torch

    count = options.cores if _on_processor(options) else 1
    return ThreadPoolExecutor(count, "rewrite", initializer=lambda: torch.set_num_threads(1))


def _beam_cache() -> Any:
    """A cache that leaves what was read off the source where it is: the beams of one sentence share it."""
    from transformers.cache_utils import DynamicCache, EncoderDecoderCache

    class BeamCache(EncoderDecoderCache):
        def reorder_cache(self, beam_idx: torch.LongTensor) -> None:
            self.self_attention_cache.reorder_cache(beam_idx)

    return BeamCache(DynamicCache(), DynamicCache())


def _quieten() -> None:
    """No progress bars and no advice of the library on a user's terminal."""
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def _reason(error: Exception, options: Options) -> str:
    if Path(options.model).is_dir() and not any(Path(options.model).glob("*.safetensors")):
        return "the folder holds no weights in safetensors"
    first = " ".join(str(error).split())
    return f"cannot be loaded: {first[:160]}{'…' if len(first) > 160 else ''}"


def _advice(options: Options) -> str:
    if not options.pickled_weights and Path(options.model).is_dir() and any(Path(options.model).glob("*.bin")):
        return "set rewrite.pickled_weights = true if you trust where the file comes from"
    return "give the folder of a sequence-to-sequence model, or leave rewrite.model out"
