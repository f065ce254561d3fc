"""How the cost of runs grows: `python benchmarks/growth.py [--sizes 1000,5000,20000,50000]`.

For each size, on a generated corpus (`corpus.py`): a full run, a rerun without changes, one with one
document more, one with an edited alias, one with an edited rule of agreements; seconds, processor
time of all processes, peak memory of the largest one, and a bare walk for comparison. At the second
size one and two workers are compared. Writes a table, `growth.json` and, with matplotlib, plots.
About a quarter of an hour for the default sizes on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corpus import make_corpus

ROOT = Path(__file__).parent.parent
_ADDED = "India and Fiji signed a Memorandum of Understanding on tea in Suva on 4 May 2021.\n"
_MARK = "Emerald Coast Union"


class Bench:
    """A corpus that grows, with rules of its own, in a folder that is thrown away."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self.raw = folder / "raw"
        self.rules = folder / "rules"
        self.outputs = folder / "outputs"
        self.jobs = jobs
        self.size = 0
        shutil.copytree(ROOT / "rules", self.rules)

    def grow(self, size: int) -> None:
        make_corpus(self.raw, size, self.size)
        self.size = size

    def run(self, jobs: int | None = None) -> dict[str, float]:
        """One run of the command in a process of its own: what it cost."""
        command = [sys.executable, "-m", "pipeline.cli", "run", "--quiet", "--json"]
        command += ["--raw", str(self.raw), "--rules", str(self.rules)]
        command += ["--outputs", str(self.outputs), "--jobs", str(jobs or self.jobs)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT)
        out = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            raise SystemExit(f"the run ended with {process.returncode}")
        return {
            "seconds": time.perf_counter() - started,
            "processor": usage.ru_utime + usage.ru_stime,
            "megabytes": usage.ru_maxrss / 1024,
            "documents": json.loads(out)["documents"],
        }

    def fresh(self) -> None:
        shutil.rmtree(self.outputs, ignore_errors=True)

    def measure(self, size: int) -> dict[str, dict[str, float]]:
        """All kinds of runs at one size."""
        self.grow(size)
        self.fresh()
        # Times of files that were just written can't be trusted; a run looks at them again.
        time.sleep(2.5)
        found = {"full": self.run()}
        found["nothing changed"] = _median([self.run() for _ in range(5)])
        found["bare walk"] = _median([{"seconds": _walk(self.raw)} for _ in range(5)])
        found["start-up"] = _median([{"seconds": _start_up()} for _ in range(5)])
        added = self.raw / "0000" / "added.txt"
        added.write_text(_ADDED, encoding="utf-8")
        found["one document more"] = self.run()
        added.unlink()
        found["one document less"] = self.run()
        found["an alias added"] = self._with_edit(
            "countries.csv", "Republic of the Fiji Islands", _alias
        )
        found["a rule of agreements"] = self._with_edit("agreements.toml", '"accord"', _word)
        return found

    def _with_edit(self, name: str, at: str, edit: Callable[[str], str]) -> dict[str, float]:
        path = self.rules / name
        text = path.read_text(encoding="utf-8")
        if at not in text:
            raise SystemExit(f"{name} has no {at}")
        path.write_text(text.replace(at, edit(at), 1), encoding="utf-8")
        found = self.run()
        path.write_text(text, encoding="utf-8")
        self.run()  # and back, from the cache
        return found

    def speed_up(self, size: int) -> dict[str, dict[str, float]]:
        """Full runs with one and with two workers, in turn."""
        self.grow(size)
        found: dict[str, list[dict[str, float]]] = {"1": [], "2": []}
        for _ in range(2):
            for jobs in (1, 2):
                self.fresh()
                found[str(jobs)].append(self.run(jobs))
        return {jobs: min(runs, key=lambda one: one["seconds"]) for jobs, runs in found.items()}


def _alias(at: str) -> str:
    return f"{at}|{_MARK}"


def _word(at: str) -> str:
    return f'{at}, "{_MARK.lower()}"'


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def _walk(folder: Path) -> float:
    """Seconds to list a folder with all below it and to ask the stat of each file."""
    started = time.perf_counter()
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                entry.stat()
                if entry.is_dir():
                    waiting.append(entry.path)
    return time.perf_counter() - started


def _start_up() -> float:
    """Seconds to start the interpreter and to import what a rerun without changes imports."""
    code = "import pipeline.cli, pipeline.runs.command, pipeline.runs.state"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    return time.perf_counter() - started


def report(
    results: dict[str, dict[str, dict[str, float]]], speed: dict[str, dict[str, float]]
) -> None:
    """The figures as Markdown tables."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    kinds = list(next(iter(results.values())))
    for title, key, digits in (
        ("seconds", "seconds", 2),
        ("processor seconds, all processes", "processor", 1),
        ("peak MB, largest process", "megabytes", 0),
    ):
        print(f"| {title} | {' | '.join(f'{int(size):,}' for size in results)} |")
        print(f"|---|{'---:|' * len(results)}")
        for kind in kinds:
            cells = [results[size].get(kind, {}).get(key) for size in results]
            if any(cell is not None for cell in cells):
                texts = ["" if cell is None else f"{cell:,.{digits}f}" for cell in cells]
                print(f"| {kind} | {' | '.join(texts)} |")
        print()
    for size, found in results.items():
        own = found["nothing changed"]["seconds"] - found["start-up"]["seconds"]
        walks = own / found["bare walk"]["seconds"]
        cheaper = found["full"]["seconds"] / found["an alias added"]["seconds"]
        print(
            f"{int(size):,} documents: a rerun without changes takes {own:.2f} s of its own,"
            f" {walks:.1f} bare walks; an alias is {cheaper:.1f} times cheaper than a full run"
        )
    if speed:
        ratio = speed["1"]["seconds"] / speed["2"]["seconds"]
        extra = speed["2"]["processor"] / speed["1"]["processor"] - 1
        print(
            f"\ntwo workers are {ratio:.2f} times as fast as one,"
            f" with {extra:+.0%} processor time ({speed['1']['documents']:,} documents)"
        )


def plot(results: dict[str, dict[str, dict[str, float]]], path: Path) -> None:
    """Seconds and memory by size; left out where matplotlib isn't there."""
    try:
        import matplotlib as mpl

        mpl.use("Agg")
        import matplotlib.pyplot as plt
    except ImportError:
        print("no plots: matplotlib is not installed", file=sys.stderr)
        return
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2))
    sizes = [int(size) for size in results]
    for kind in next(iter(results.values())):
        if kind != "start-up":
            seconds = [results[size][kind]["seconds"] for size in results]
            left.plot(sizes, seconds, marker="o", label=kind)
    left.set(xscale="log", yscale="log", xlabel="documents", ylabel="seconds")
    left.legend(fontsize=8)
    for kind in ("full", "one document more"):
        right.plot(sizes, [results[s][kind]["megabytes"] for s in results], marker="o", label=kind)
    right.set(xscale="log", xlabel="documents", ylabel="peak MB", ylim=(0, None))
    right.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    print(f"wrote {path}", file=sys.stderr)


def main() -> None:
    options = _options()
    sizes = [int(size) for size in options.sizes.split(",")]
    results: dict[str, dict[str, dict[str, float]]] = {}
    speed: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        bench = Bench(Path(folder), options.jobs)
        for number, size in enumerate(sizes):
            started = time.perf_counter()
            if number == 1 and not options.no_speed_up:
                speed = bench.speed_up(size)
            results[str(size)] = bench.measure(size)
            spent = time.perf_counter() - started
            print(f"{size:,} documents measured in {spent:.0f} s", file=sys.stderr)
    report(results, speed)
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"sizes": results, "workers": speed}, indent=2)
    (options.out / "growth.json").write_text(text + "\n", encoding="utf-8")
    plot(results, options.out / "growth.png")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,5000,20000,50000")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-speed-up", action="store_true", help="don't compare 1 and 2 workers")
    parser.add_argument("--folder", help="where the corpus is made [the temporary folder]")
    parser.add_argument("--out", type=Path, default=Path("outputs") / "benchmarks")
    return parser.parse_args()


if __name__ == "__main__":
    main()
