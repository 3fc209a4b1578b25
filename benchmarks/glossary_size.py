"""Throughput of the glossary by its number of entries: what a document costs, loading apart.

    python benchmarks/glossary_size.py TEXTS.jsonl.gz

The entries are made up; one word in fifty of the text is one of their variants. Prints a Markdown table.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import time
from pathlib import Path

from cleaners.core import Document
from cleaners.glossary import compile_entries
from cleaners.glossary_file import Entry, Fuzzy

WORDS = 200_000


def texts(path: str) -> list[str]:
    data = Path(path).read_bytes()
    found, words = [], 0
    for row in (gzip.decompress(data) if path.endswith(".gz") else data).splitlines():
        found.append(json.loads(row)["text"])
        words += len(found[-1].split())
        if words > WORDS:
            break
    return found


def made_up(number: int, chance: random.Random) -> list[str]:
    """Names of one to three words, all different."""
    vowels, consonants = "aeiou", "bdfgklmnprstvz"
    names: dict[str, None] = {}
    while len(names) < number:
        parts = [
            "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(chance.randint(2, 4))).capitalize()
            for _ in range(chance.choice((1, 1, 2, 3)))
        ]
        names[" ".join(parts)] = None
    return list(names)


def with_variants(text: str, variants: list[str], chance: random.Random) -> str:
    words = text.split(" ")
    for at in range(25, len(words), 50):
        words[at] = chance.choice(variants)
    return " ".join(words)


def rate(glossary: object, documents: list[str]) -> float:
    best = 1e9
    for _ in range(5):
        fresh = [Document(text) for text in documents]
        start = time.process_time()
        for document in fresh:
            list(glossary.find(document))
        best = min(best, time.process_time() - start)
    return sum(len(text.split()) for text in documents) / best


def main() -> None:
    chance = random.Random(7)
    names = made_up(200_000, chance)
    documents = [with_variants(text, names[1:200:2], chance) for text in texts(sys.argv[1])]
    print("| entries | words/s | load s |\n|---|---:|---:|")
    for number in (100, 1_000, 10_000, 100_000):
        entries = [Entry(names[2 * i], "term", f"x:{i}", (names[2 * i + 1],)) for i in range(number)]
        start = time.process_time()
        glossary = compile_entries(entries)
        list(glossary.find(Document("Warm up.")))
        loading = time.process_time() - start
        print(f"| {number:,} | {rate(glossary, documents):,.0f} | {loading:.2f} |")
    for number in (100, 10_000):
        singles = [name for name in names if " " not in name and len(name) > 5][:number]
        entries = [Entry(name, "place", f"x:{i}", fuzzies=(Fuzzy(name, 2),)) for i, name in enumerate(singles)]
        start = time.process_time()
        glossary = compile_entries(entries)
        list(glossary.find(Document("Warm Upper.")))
        loading = time.process_time() - start
        print(f"| {number:,} near spellings | {rate(glossary, documents):,.0f} | {loading:.2f} |")


if __name__ == "__main__":
    main()
