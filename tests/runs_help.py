"""What the tests of runs share: small folders of raw texts, and the tables as bytes."""

from __future__ import annotations

import json
import os
import signal
import traceback
from pathlib import Path

from pipeline.runs import disk
from pipeline.runs.run import run
from pipeline.runs.settings import Limits, Options, RunSettings
from tests.conftest import RULES

TEXTS = {
    "ministry/first.txt": "India and Kenya signed a Memorandum of Understanding on digital skills "
    "in Nairobi on 5 May 2012. About 1,200 teachers will be trained.",
    "ministry/second.txt": "The second meeting of the Joint Working Group of India and Japan was "
    "held in Tokyo on 3 June 2014. The two sides agreed to set up a data centre in Pune.",
    "news/third.md": "# Chile and Peru agree\n\nLIMA, 4 March 2020 - Chile and Peru signed an "
    "agreement on customs data. The Ministry of Trade of Peru said so.\n",
    "news/page.html": "<html><head><title>Visit</title></head><body><p>The President of Finland "
    "visited Morocco in May 2019 and signed a protocol on water.</p></body></html>",
    "wire.jsonl": "\n".join(
        json.dumps({"id": f"n{i}", "text": f"Fiji and Tonga held their {i}th summit in 201{i}."})
        for i in range(4, 8)
    )
    + "\nno json\n",
}
SIDECAR = json.dumps({"source": "Ministry of Trade of India", "published": "2012-05-06"})


def write(raw: Path, name: str, text: str, age: float = 100) -> Path:
    """Writes a file that was last changed some seconds ago."""
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    now = path.stat().st_mtime
    os.utime(path, (now - age, now - age))
    return path


def fill(raw: Path) -> Path:
    """A folder with a few documents of several formats."""
    for name, text in TEXTS.items():
        write(raw, name, text)
    write(raw, "ministry/first.txt.meta.json", SIDECAR)
    return raw


def settings(raw: Path, outputs: Path, jobs: int = 0, **options) -> RunSettings:
    """Settings with limits that no test document comes near."""
    limits = options.pop("limits", Limits(60, 3000))
    keep = options.pop("keep", 20)
    return RunSettings(raw, outputs, jobs, limits, Options(**options), keep)


def go(loaded, raw: Path, outputs: Path, jobs: int = 0, *, rules: Path = RULES, **options):
    """A run; the manifest of the snapshot that is published then."""
    return run(settings(raw, outputs, jobs, **options), rules, loaded)


def tables(outputs: Path) -> dict[str, bytes]:
    """The published tables as bytes, by file name.

    Without ``id_history``: it tells how the ids came about, so it follows from the runs before, too.
    """
    folder = (outputs / "tables").resolve()
    paths = sorted(path for path in folder.iterdir() if path.stem != "id_history")
    return {path.name: path.read_bytes() for path in paths}


def in_child(work) -> int:
    """Does ``work`` in a forked process; its exit code, or minus the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setpgid(0, 0)
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def kill_self(_step: str, _path: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def quick_disk() -> None:
    """No waiting for the disk: a kill can't undo what the system has taken."""
    disk.durable = False
