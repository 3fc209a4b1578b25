"""Runs the rewrite model in CTranslate2, in int8 where the processor allows: without torch, several times faster.

A BART in safetensors is converted when it is first asked for, and kept in the program's cache; any other model has to
be converted beforehand, with CTranslate2's own command, into a folder that holds ``model.bin``.
"""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaners import cache
from cleaners.errors import MtcleanError
from cleaners.rewrite import backends, tokens
from cleaners.rewrite.backends import Options, Spelling, UnavailableError

if TYPE_CHECKING:
    import ctranslate2
    from tokenizers import Tokenizer

_BATCH = 1024  # pieces that are decoded together
_CONVERTED = "model.bin"


@dataclass(frozen=True)
class CTranslate2Backend:
    """A converted model with its vocabulary."""

    translator: ctranslate2.Translator
    tokenizer: Tokenizer
    spelling: Spelling
    longest: int

    def propose(self, texts: Sequence[str], beams: int) -> list[list[str]]:
        """Candidates by beam search over batches of like length; see :class:`~cleaners.rewrite.backends.Backend`."""
        pieces = self._pieces([self.spelling.given(text) for text in texts])
        found: list[list[str]] = [[] for _ in texts]
        fitting = [i for i, row in enumerate(pieces) if len(row) <= self.longest]
        if not fitting:
            return found
        answers = self.translator.translate_batch(
            [pieces[i] for i in fitting],
            beam_size=beams,
            num_hypotheses=beams,
            max_batch_size=_BATCH,
            batch_type="tokens",
            max_decoding_length=backends.answer_length(max(len(pieces[i]) for i in fitting), self.longest),
        )
        for index, answer in zip(fitting, answers, strict=True):
            read = (self.spelling.read(self._text(hypothesis)) for hypothesis in answer.hypotheses)
            found[index] = list(dict.fromkeys(read))
        return found

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Teacher-forced log-probabilities; see :class:`~cleaners.rewrite.backends.Backend`."""
        sources = self._pieces([self.spelling.given(source) for source, _ in pairs])
        # The end mark is scored by the translator itself.
        targets = [row[:-1] for row in self._pieces([self.spelling.target(target) for _, target in pairs])]
        scores = [-math.inf] * len(pairs)
        order = [i for i, row in enumerate(sources) if max(len(row), len(targets[i])) < self.longest]
        if order:
            results = self.translator.score_batch(
                [sources[i] for i in order], [targets[i] for i in order], max_batch_size=_BATCH, batch_type="tokens"
            )
            for index, result in zip(order, results, strict=True):
                scores[index] = math.fsum(result.log_probs)
        return scores

    def _pieces(self, texts: Sequence[str]) -> list[list[str]]:
        return [encoding.tokens for encoding in self.tokenizer.encode_batch(list(texts))]

    def _text(self, pieces: Sequence[str]) -> str:
        ids = [number for piece in pieces if (number := self.tokenizer.token_to_id(piece)) is not None]
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))


def load(options: Options) -> CTranslate2Backend:
    """Load the converted model, converting it first where need be; raises :class:`UnavailableError`."""
    try:
        return _loaded(options)
    except MtcleanError:
        raise
    except Exception as error:  # a folder can be broken in as many ways as the libraries have readers
        what = f"cannot be loaded: {' '.join(str(error).split())[:160]}"
        raise UnavailableError(f"rewrite.model {options.model}", what, "check the folder") from error


def _loaded(options: Options) -> CTranslate2Backend:
    for package in ("ctranslate2", "tokenizers"):
        if backends.is_missing(package):
            todo = "pip install 'mtclean[fast]', or set rewrite.backend = 'transformers'"
            raise UnavailableError("rewrite.backend", f"the package {package} is not installed", todo)
    import ctranslate2
    from tokenizers import Tokenizer

    folder = Path(options.model)
    if not (folder / "tokenizer.json").is_file():
        raise UnavailableError(
            f"rewrite.model {options.model}", "holds no tokenizer.json", "give a folder with the model"
        )
    converted = folder if (folder / _CONVERTED).is_file() else _converted(folder)
    kind = "int8" if options.dtype == "auto" else options.dtype
    translator = ctranslate2.Translator(
        str(converted), device=options.device, compute_type=kind, inter_threads=options.cores, intra_threads=1
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    knows = tokenizer.token_to_id(tokenizer.encode("\ue000").tokens[0]) is not None
    own = knows and len(tokenizer.encode("\ue000").tokens) == 2  # itself and the end mark
    spelling = Spelling(options.prompt or backends.PLACEHOLDER, own=own)
    return CTranslate2Backend(translator, tokenizer, spelling, int(config.get("max_position_embeddings", 512)) - 2)


def _converted(folder: Path) -> Path:
    """The folder of the converted model in the cache; made when it is not there."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        what = "holds neither model.bin nor model.safetensors"
        raise UnavailableError(f"rewrite.model {folder}", what, "give a folder with the model")
    target = cache.folder() / f"rewrite-{cache.digest([weights.read_bytes()])}"
    if not (target / _CONVERTED).is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=target.parent))
        try:
            convert(folder, fresh)
            fresh.rename(target)
        except OSError:
            if not (target / _CONVERTED).is_file():  # else another process was quicker
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return target


def convert(folder: Path, target: Path) -> None:
    """Write a BART of transformers as CTranslate2 reads it, in int8; needs neither torch nor transformers.

    Raises :class:`MtcleanError` for another kind of model.
    """
    from ctranslate2 import specs
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bart" or config.get("activation_function") != "gelu":
        what = f"is a {config.get('model_type')!r} model, and only a BART with gelu is converted"
        raise MtcleanError(f"rewrite.model {folder}", what, "convert it with ct2-transformers-converter")
    weights = {name: array.astype("float32") for name, array in load_file(folder / "model.safetensors").items()}
    spec = specs.TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=specs.common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    filler = _Filler(weights, math.sqrt(config["d_model"]) if config["scale_embedding"] else 1.0)
    filler.fill(spec)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    pieces = [tokenizer.id_to_token(i) for i in range(config["vocab_size"])]
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.config.bos_token, spec.config.eos_token = tokens.SPECIAL[tokens.BOS], tokens.SPECIAL[tokens.EOS]
    spec.config.unk_token = tokens.SPECIAL[tokens.UNK]
    spec.config.decoder_start_token = pieces[config["decoder_start_token_id"]]
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(target))


@dataclass(frozen=True)
class _Filler:
    """Puts the arrays of a BART where CTranslate2 wants them."""

    weights: dict[str, Any]
    scale: float

    def fill(self, spec: Any) -> None:
        """Fill the whole specification; the output layer shares the embeddings."""
        for part, name in ((spec.encoder, "encoder"), (spec.decoder, "decoder")):
            self._common(part, f"model.{name}")
            for number, layer in enumerate(part.layer):
                self._layer(layer, f"model.{name}.layers.{number}", decoder=name == "decoder")
        spec.decoder.projection.weight = self._embeddings("model.decoder")

    def _embeddings(self, prefix: str) -> Any:
        for name in (f"{prefix}.embed_tokens.weight", "model.shared.weight", "lm_head.weight"):
            if name in self.weights:
                return self.weights[name]
        raise MtcleanError("rewrite.model", "its weights hold no embeddings", "train the model anew")

    def _common(self, part: Any, prefix: str) -> None:
        part.scale_embeddings = self.scale
        # The first two positions are BART's own padding, and never used.
        part.position_encodings.encodings = self.weights[f"{prefix}.embed_positions.weight"][2:]
        embeddings = part.embeddings[0] if isinstance(part.embeddings, list) else part.embeddings
        embeddings.weight = self._embeddings(prefix)
        self._norm(part.layernorm_embedding, f"{prefix}.layernorm_embedding")

    def _layer(self, layer: Any, prefix: str, *, decoder: bool) -> None:
        self._attention(layer.self_attention, f"{prefix}.self_attn", fused=True)
        self._norm(layer.self_attention.layer_norm, f"{prefix}.self_attn_layer_norm")
        if decoder:
            self._attention(layer.attention, f"{prefix}.encoder_attn", fused=False)
            self._norm(layer.attention.layer_norm, f"{prefix}.encoder_attn_layer_norm")
        self._linear(layer.ffn.linear_0, f"{prefix}.fc1")
        self._linear(layer.ffn.linear_1, f"{prefix}.fc2")
        self._norm(layer.ffn.layer_norm, f"{prefix}.final_layer_norm")

    def _attention(self, attention: Any, prefix: str, *, fused: bool) -> None:
        parts = [f"{prefix}.{name}_proj" for name in "qkv"]
        groups = [parts] if fused else [parts[:1], parts[1:]]
        for linear, names in zip(attention.linear, groups, strict=False):
            self._linear(linear, *names)
        self._linear(attention.linear[-1], f"{prefix}.out_proj")

    def _linear(self, linear: Any, *names: str) -> None:
        import numpy

        linear.weight = numpy.concatenate([self.weights[f"{name}.weight"] for name in names])
        linear.bias = numpy.concatenate([self.weights[f"{name}.bias"] for name in names])

    def _norm(self, norm: Any, prefix: str) -> None:
        norm.gamma, norm.beta = self.weights[f"{prefix}.weight"], self.weights[f"{prefix}.bias"]
