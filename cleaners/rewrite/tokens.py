"""The shipped model's vocabulary: byte-pair pieces, one piece for each sentinel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaners.rewrite import masking

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
BOS, PAD, EOS, UNK = range(4)
_PIECES = r" ?[\ue000-\ue07f]|'(?:s|re|ve|ll|d|m|t)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}\ue000-\ue07f]+|\s+"
# Sentinels that the text holds seldom would else be spelled byte by byte.
_SENTINEL_LINES = 2000


def train(masked: Iterable[str], size: int) -> Tokenizer:
    """A byte-pair vocabulary of ``size`` pieces for masked segments; the same segments give the same vocabulary."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    sentinels = " ".join(masking.SENTINELS)
    tokenizer.train_from_iterator([*masked, *[f"{sentinels} {''.join(masking.SENTINELS)}"] * _SENTINEL_LINES], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", EOS)])
    return tokenizer


def save(tokenizer: Tokenizer, folder: Path, longest: int) -> None:
    """Write the vocabulary as transformers reads it; ``longest`` in pieces."""
    from transformers import PreTrainedTokenizerFast

    names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), SPECIAL, strict=True))
    wrapped: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=longest, clean_up_tokenization_spaces=False, **names
    )
    wrapped.save_pretrained(folder)


def encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Piece numbers of each text, the end mark included."""
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
