"""Writes human texts to measure harm on as JSON lines: references of test sets, a sample of training text.

    python benchmarks/clean_sets.py DATA OUT [--words 1500000] [--seed 1]

``DATA`` holds ``mt/`` (lines with references, see `mtclean eval --reference`) and ``train/`` (documents with
``id`` and ``text``), gzipped JSON lines. ``OUT/references.jsonl`` gets every reference once, ``passages.jsonl`` the
same references joined into passages of twelve lines for planting debris, and ``train_sample.jsonl`` whole documents,
drawn by ``--seed`` until ``--words`` words are reached. Same data, same seed, same files.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

LINES_A_PASSAGE = 12
# Lower-cased and tokenised by those who published it: no text that anybody wrote.
TOKENISED = (("newstest2017.zh-en", "ref/A"),)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def references(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Field and name of the reference → (id, text) of each line once, in the order of the file; so for post-edits."""
    found: dict[str, list[tuple[str, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for row in read(path):
        for field in ("ref", "post_edits"):
            texts = row.get(field) or {}
            for name, text in (texts if isinstance(texts, dict) else {field: texts}).items():
                identity = f"{row.get('set', '')}/{row.get('line', '')}"
                key = (identity, text if field == "post_edits" else name)
                if isinstance(text, str) and text.strip() and key not in seen:
                    seen.add(key)
                    place = f"{identity}/{field}/{name}/{len(seen)}"
                    found.setdefault(f"{field}/{name}", []).append((place, text.removeprefix("\ufeff")))
    return found


def joined(rows: list[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Passages of a few lines each, a paragraph a line; a passage is named after its first line."""
    for first in range(0, len(rows), LINES_A_PASSAGE):
        part = rows[first : first + LINES_A_PASSAGE]
        yield {"id": part[0][0], "text": "\n\n".join(text for _, text in part)}


def sample(folder: Path, words: int, seed: int) -> Iterator[dict[str, str]]:
    """Whole documents of ``folder``, in random order, until they hold ``words`` words."""
    documents = [row for path in sorted(folder.glob("*.jsonl.gz")) for row in read(path)]
    Random(seed).shuffle(documents)
    for row in documents:
        if words <= 0:
            return
        words -= len(row["text"].split())
        yield {"id": str(row["id"]), "text": row["text"]}


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as JSON lines and say how many words they hold."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{path}: {len(rows)} documents, {sum(len(row['text'].split()) for row in rows)} words")


def main() -> None:
    """Read the arguments and write the three files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--words", type=int, default=1_500_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    lines, passages = [], []
    for path in sorted((asked.data / "mt").glob("*.jsonl.gz")):
        for name, rows in references(path).items():
            if (path.name.partition(".jsonl")[0], name) not in TOKENISED:
                lines += [{"id": identity, "text": text} for identity, text in rows]
                passages += list(joined(rows))
    write(asked.out / "references.jsonl", lines)
    write(asked.out / "passages.jsonl", passages)
    write(asked.out / "train_sample.jsonl", list(sample(asked.data / "train", asked.words, asked.seed)))


if __name__ == "__main__":
    main()
