"""Speed of a whole run against a bare tokenizer and, if installed, a trained spaCy pipeline.

    python benchmarks/throughput.py [--documents N] [--raw DIR] [--model en_core_web_sm]

All candidates see the same texts in the same process, in turn; the figures are medians of the
rounds in tokens per second, without imports and the loading of rules and models. The run covers
everything from the bytes on disk to the Parquet files. Peak memory is measured in a process of its
own: `/usr/bin/time -v pactline run …`.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import spacy
from corpus import make_corpus

from pipeline.extract import extract, load
from pipeline.ingest import find_inputs, read_file
from pipeline.model import Document, Rejected


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        raw = options.raw
        if raw is None:
            raw = Path(folder) / "raw"
            make_corpus(raw, options.documents)
        measure(raw, options.rules, Path(folder) / "outputs", options.model, options.rounds)


def measure(raw: Path, rules: Path, outputs: Path, model: str | None, rounds: int) -> None:
    loaded = load(rules)
    texts = [
        item.text
        for path in find_inputs(raw)
        if not isinstance(path, Rejected)
        for item in read_file(path, raw, loaded.book.ingest)
        if isinstance(item, Document)
    ]
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    tokens = sum(len(blank.make_doc(text)) for text in texts)
    candidates: dict[str, Callable[[], object]] = {
        "pactline run": lambda: _run(loaded, raw, outputs),
        "blank + sentencizer": lambda: [len(doc) for doc in blank.pipe(texts)],
    }
    if model:
        trained = spacy.load(model)
        sample = texts[: max(1, len(texts) // 10)]
        part = sum(len(blank.make_doc(text)) for text in sample) / tokens
        candidates[model] = lambda: [len(doc) for doc in trained.pipe(sample)]
    else:
        part = 1.0
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, work in candidates.items():
            start = time.perf_counter()
            work()
            share = part if name == model else 1.0
            seconds[name].append((time.perf_counter() - start) / share)
    _print(seconds, tokens, len(texts), sum(map(len, texts)))


def _run(loaded: object, raw: Path, outputs: Path) -> None:
    extract(loaded, raw, outputs)
    shutil.rmtree(outputs)


def _print(seconds: dict[str, list[float]], tokens: int, documents: int, characters: int) -> None:
    print(f"{documents:,} documents, {tokens:,} tokens, {characters:,} characters")
    print(f"{platform.machine()}, Python {platform.python_version()}, spaCy {spacy.__version__}")
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ours = medians["pactline run"]
    for name, value in medians.items():
        print(
            f"{name:<22}{tokens / value:>12,.0f} tokens/s{1e6 * value / characters:>8.3f} s/MB"
            f"   {value / ours:>7.2f} × the time of a run"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--rules", type=Path, default=Path("rules"))
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
