"""Speed of `pactline diff` on many changes, and how long its page takes to open.

    python benchmarks/diff.py [--cells 200000] [--cards 5000] [--rounds 3]

The old tables hold twice as many mentions as cells change; the new ones have another value in half of
them, as after an edit of a rule that many rows follow. Times are medians in seconds: reading both
sides and comparing them, the counts, the cards of the page, and from the file to the first painted
card in headless Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pipeline.diff import Diff, Snapshot, compare
from pipeline.diff.cards import CardMaker
from pipeline.diff.page import write_page
from pipeline.diff.summary import summarise
from pipeline.schema import BY_NAME
from pipeline.tables import Row, TableWriter

T = TypeVar("T")
_A_DOCUMENT = 100
_WORDS = "The delegation of Kenya reviewed item {n:06d} of the plan with great care today. "


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        sides = Path(folder) / "old", Path(folder) / "new"
        for side, code in zip(sides, ("KE", "UG"), strict=True):
            write_side(side, 2 * options.cells, code)
        seconds, diff = _median(lambda: _compare(*sides), options.rounds)
        cells = sum(table.cells for table in diff.tables.values())
        print(f"{cells:,} changed cells in {seconds:.2f} s, with reading the tables")
        seconds, summary = _median(lambda: summarise(diff), options.rounds)
        print(f"counts in {seconds:.2f} s")
        page = Path(folder) / "page.html"
        maker = CardMaker(diff, *(Snapshot(s.name, s) for s in sides))
        seconds, _ = _median(lambda: write_page(summary, maker.cards(options.cards), page), 1)
        size = page.stat().st_size / 1e6
        print(f"a page of {options.cards:,} cards ({size:.1f} MB) written in {seconds:.2f} s")
        _print_opening(page, options.rounds)


def write_side(folder: Path, rows: int, code: str) -> None:
    """Tables in which every second mention has that code."""
    folder.mkdir()
    documents = range(rows // _A_DOCUMENT)
    with TableWriter(folder / "documents.parquet", BY_NAME["documents"]) as writer:
        writer.write(_document(n) for n in documents)
    with TableWriter(folder / "countries.parquet", BY_NAME["countries"]) as writer:
        writer.write(row for n in documents for row in _mentions(n, code))


def _document(number: int) -> Row:
    text = "".join(_WORDS.format(n=number * _A_DOCUMENT + i) for i in range(_A_DOCUMENT))
    told = {"doc_id": f"d{number:05d}.txt", "text": text, "sha256": f"{number:064d}"}
    return tuple(told.get(column.name) for column in BY_NAME["documents"].columns)


def _mentions(number: int, code: str) -> Iterator[Row]:
    width = len(_WORDS.format(n=0))
    for i in range(_A_DOCUMENT):
        start = i * width + _WORDS.index("Kenya")
        found = code if i % 2 else "KE"
        doc_id = f"d{number:05d}.txt"
        yield (doc_id, start, start + 5, "Kenya", found, "KEN", "Kenya", "name", None, "countries/KE", 0.9)  # fmt: skip


def _compare(old: Path, new: Path) -> Diff:
    return compare(Snapshot("old", old), Snapshot("new", new))


def _median(work: Callable[[], T], rounds: int) -> tuple[float, T]:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        made = work()
        times.append(time.perf_counter() - start)
    return statistics.median(times), made


def _print_opening(page: Path, rounds: int) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        print("no chromium: the page was not opened")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser)
        seconds, _ = _median(lambda: _open(chromium, page), rounds)
        chromium.close()
    print(f"opened in {seconds:.2f} s, all facets counted and the first cards drawn")


def _open(chromium: object, page: Path) -> None:
    tab = chromium.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_selector(".card")
    tab.evaluate("() => new Promise(requestAnimationFrame)")
    tab.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=200_000)
    parser.add_argument("--cards", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
