"""Time and memory of linking by the number of reports: ``python benchmarks/linking.py [N …]``.

Each size runs in a process of its own, on one core, with reports drawn at random: sides, subjects
and how often a thing is told of are unevenly spread, as in real releases.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

SIZES = (12_500, 25_000, 50_000, 100_000, 200_000)
ROOT = Path(__file__).parent.parent
_STATES = ("planned", "approved", "signed", "signed", "signed", "existing", "in_force")
_STATUS = {"planned": "proposed", "existing": "signed", "in_force": "signed"}


class Reports:
    """Random reports: rows of the report tables, evidence and documents by table."""

    def __init__(self, count: int, codes: list[str]) -> None:
        self._random = random.Random(count)  # noqa: S311 - reproducible
        self._codes = codes
        self._words = [f"{a}{b}" for a in ("tele", "agri", "bio", "geo", "info", "medi", "hydro", "trans")
                       for b in ("net", "data", "farm", "port", "care", "grid", "film", "law", "tax", "sea",
                                 "food", "fuel", "soil", "bank", "mail", "road", "rail", "ship", "craft", "lab")]  # fmt: skip
        self._rank = [1 / (i + 1) ** 0.7 for i in range(len(self._words))]
        self._weight = [1 / (i + 1) for i in range(len(codes))]
        self.rows: dict[str, list[dict[str, object]]] = {
            "documents": [], "evidence": [], "agreement_reports": [], "meeting_reports": [], "project_reports": [],
        }  # fmt: skip
        self._day = dt.date(2004, 1, 1)
        waiting: list[tuple[str, dict[str, object]]] = []
        while len(waiting) < count:
            waiting += self._thing(len(waiting))
        self._random.shuffle(waiting)
        self._spread(waiting[:count])

    def _thing(self, serial: int) -> list[tuple[str, dict[str, object]]]:
        """The reports of one real thing: they agree on what it is, some are vague."""
        r = self._random
        subject = r.choices(("agreement", "meeting", "project"), (5, 4, 1))[0]
        about = " ".join(r.choices(self._words, self._rank, k=r.choice((1, 2, 2, 3))))
        sides = sorted(set(r.choices(self._codes, self._weight, k=2)))
        fixed = {"place": r.choice((None, "Suva", "Nairobi")), "institutions": []}
        if subject == "agreement":
            kind = r.choice(("mou", "mou", "agreement", "protocol", "joint_statement"))
            fixed |= {
                "kind": kind,
                "parties": sides,
                "title": f"MoU on {about}",
                "institution_ids": [],
                "topics": [],
            }
        elif subject == "meeting":
            kind = r.choice(("working_group", "bilateral_meeting", "visit", "seminar"))
            number = r.choice((None, None, 1, 2, 3, 4, 5))
            fixed |= {
                "kind": kind,
                "countries": sides,
                "name": f"Joint Working Group on {about}",
                "ordinal": number,
            }
        else:
            kind = r.choice(("centre", "research", "software"))
            fixed |= {"kind": kind, "countries": sides, "host": None, "name": f"Centre for {about}"}
        day = self._day + dt.timedelta(days=r.randrange(7600))
        times = min(200, int(r.paretovariate(1.3)))
        return [(subject, fixed | self._report(subject, day, serial + i)) for i in range(times)]

    def _report(self, subject: str, day: dt.date, serial: int) -> dict[str, object]:
        """What one document says of a thing of that day."""
        r = self._random
        told = r.choice(
            (day.isoformat(), day.isoformat(), day.isoformat()[:7], str(day.year), None)
        )
        row = {"report_id": f"{subject[0]}-{serial:016x}", "start": 0, "end": 0, "text": "", "rule": "x", "confidence": 0.9,
               "date": told, "_day": day}  # fmt: skip
        if subject == "agreement":
            state = r.choice(_STATES)
            return row | {"status": _STATUS.get(state, state), "_state": state}
        return row | {
            "status": r.choice(
                ("held", "planned") if subject == "meeting" else ("agreed", "operational")
            )
        }

    def _spread(self, reports: list[tuple[str, dict[str, object]]]) -> None:
        """Puts three reports on average into a document."""
        doc, left = -1, 0
        for subject, row in reports:
            if not left:
                doc, left = doc + 1, self._random.randint(1, 5)
                self._document(doc, row["_day"])
            left -= 1
            row["doc_id"] = f"d{doc:07}"
            self.rows[f"{subject}_reports"].append(row)
            self.rows["evidence"] += self._evidence(subject, row)

    def _document(self, doc: int, day: dt.date) -> None:
        published = day + dt.timedelta(days=self._random.choice((0, 1, 2, 400)))
        self.rows["documents"].append(
            {
                "doc_id": f"d{doc:07}",
                "published": published,
                "text": "A text of its own.",
                "sha256": str(doc),
            }
        )

    @staticmethod
    def _evidence(subject: str, row: dict[str, object]):
        for field in ("kind", "status", "date"):
            if row[field]:
                yield {"record_id": row["report_id"], "table": f"{subject}_reports", "field": field, "value": str(row[field]),
                       "doc_id": row["doc_id"], "start": 0, "end": 0, "text": "", "step": "sentence", "rule": "x",
                       "detail": f"{row['_state']}: x" if field == "status" and "_state" in row else None, "confidence": 0.9}  # fmt: skip


def tables(count: int):
    """The report tables of so many random reports, and the words to link them with."""
    from pipeline.edtf import parse
    from pipeline.link import link_words
    from pipeline.rulebook.book import load_rulebook
    from pipeline.schema import BY_NAME
    from pipeline.tables import as_table

    book = load_rulebook(ROOT / "rules")
    made = Reports(count, [c.code for c in book.geography.countries])
    found = {}
    for name, rows in made.rows.items():
        columns = [c.name for c in BY_NAME[name].columns]
        for row in rows:
            if row.get("date"):
                interval = parse(str(row["date"]))
                row |= {"date_start": interval.first, "date_end": interval.last}
        found[name] = as_table(BY_NAME[name], [tuple(row.get(c) for c in columns) for row in rows])
    return found, link_words(book)


def measure(count: int) -> None:
    """One line: reports, seconds, seconds after one document more, records, peak memory."""
    from pipeline.link import resolve

    found, words = tables(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    result = resolve(found, words)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    records = sum(len(result.rows[n]) for n in ("agreements", "meetings", "projects"))
    print(f"{count:>9,} {seconds:>8.1f} {seconds / count * 1e6:>9.0f} {result.compared:>12,} {records:>9,}"
          f" {before / 1024:>9.0f} {peak / 1024:>9.0f}")  # fmt: skip


def main() -> None:
    if os.environ.get("LINKING_SIZE"):
        measure(int(os.environ["LINKING_SIZE"]))
        return
    print("  reports  seconds  us/report  comparisons   records  MB before   MB peak")
    for size in [int(a) for a in sys.argv[1:]] or SIZES:
        environment = os.environ | {"LINKING_SIZE": str(size), "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, __file__], env=environment, check=True)


if __name__ == "__main__":
    main()
