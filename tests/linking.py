"""Report tables made of a few words, for the tests of linking."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from pipeline.edtf import parse
from pipeline.schema import BY_NAME
from pipeline.tables import as_table


class Ledger:
    """Collects documents and reports; ``tables()`` gives what `resolve` takes."""

    def __init__(self):
        self.rows = defaultdict(list)

    def document(self, doc_id, published=None, text="", duplicate_of=None):
        row = {"doc_id": doc_id, "text": text, "sha256": doc_id, "duplicate_of": duplicate_of}
        row["published"] = dt.date.fromisoformat(published) if published else None
        self.rows["documents"].append(row)
        return self

    def report(self, subject, doc_id, report_id=None, *, state=None, said=(), **values):
        """A report; ``state`` is the finer state, ``said`` rows of validity (field, value, detail)."""
        report_id = report_id or f"{subject[0]}-{doc_id}-{len(self.rows[f'{subject}_reports'])}"
        date = parse(values["date"]) if values.get("date") else None
        row = {
            "report_id": report_id, "doc_id": doc_id, "start": 0, "end": 4, "text": "text", "rule": "test/rule",
            "confidence": 0.9, "institutions": [], "institution_ids": [], "topics": [],
            "date_start": date and date.first, "date_end": date and date.last, **values,
        }  # fmt: skip
        self.rows[f"{subject}_reports"].append(row)
        status = ("status", row["status"], f"{state}: cue" if state else None)
        for field, value, detail in (status, *said):
            self.rows["evidence"].append({
                "record_id": report_id, "table": f"{subject}_reports", "field": field, "value": value, "doc_id": doc_id,
                "start": 0, "end": 4, "text": "text", "step": "sentence", "detail": detail, "rule": "test/said", "confidence": 0.9,
            })  # fmt: skip
        return report_id

    def agreement(self, doc_id, title, date=None, status="signed", **values):
        base = {"kind": "mou", "parties": ["FJ", "KE"]} | values
        return self.report("agreement", doc_id, title=title, date=date, status=status, **base)

    def meeting(self, doc_id, name, date=None, status="held", **values):
        base = {"kind": "working_group", "countries": ["FJ", "KE"], "ordinal": None} | values
        return self.report("meeting", doc_id, name=name, date=date, status=status, **base)

    def project(self, doc_id, name, date=None, status="agreed", **values):
        base = {"kind": "centre", "countries": ["FJ", "KE"], "host": "KE"} | values
        return self.report("project", doc_id, name=name, date=date, status=status, **base)

    def institution(self, doc_id, name, start, **values):
        row = {
            "doc_id": doc_id,
            "start": start,
            "end": start + len(name),
            "text": name,
            "rule": "r",
            "confidence": 0.9,
        }
        base = {"institution_id": f"ke:{name.lower().replace(' ', '-')}", "name": name, "kind": "ministry",
                "country": "KE", "linked": False}  # fmt: skip
        self.rows["institutions"].append(row | base | values)

    def tables(self):
        found = {}
        for name, rows in self.rows.items():
            columns = [c.name for c in BY_NAME[name].columns]
            found[name] = as_table(BY_NAME[name], [tuple(r.get(c) for c in columns) for r in rows])
        return found


def as_tables(rows):
    """Record rows as the tables that a later run reads."""
    found = {}
    for name, table in rows.items():
        columns = [c.name for c in BY_NAME[name].columns]
        found[name] = as_table(BY_NAME[name], [tuple(r.get(c) for c in columns) for r in table])
    return found
