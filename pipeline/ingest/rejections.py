"""The reasons for which ingest puts a row into ``rejected``: what each means and what to do."""

from __future__ import annotations

from typing import Final, NamedTuple

from pipeline.model import Rejected

STAGE: Final = "ingest"


class Reason(NamedTuple):
    """Why something could not be read (one line) and the remedy (one line)."""

    about: str
    fix: str


REASONS: Final[dict[str, Reason]] = {
    "unsupported_type": Reason(
        "no reader for this kind of file", "convert it to text, Markdown or HTML"
    ),
    "not_a_file": Reason("a pipe, socket or device", "remove it from raw/"),
    "unreadable": Reason("the file can't be opened or read", "check that it exists and its rights"),
    "symlink_outside": Reason("a link that leaves raw/", "copy the target into raw/"),
    "symlink_loop": Reason("a link to a folder that holds the link", "remove the link"),
    "duplicate_name": Reason("two files have the same doc_id", "rename one of them"),
    "too_large": Reason("the file is larger than the limit", "split it, for example into JSONL"),
    "encoding": Reason("the bytes are no text in a charset that is plausible", "save it as UTF-8"),
    "binary": Reason("a text file with binary content", "give it the suffix of its real format"),
    "empty": Reason("no text at all", "fetch the page again or remove the file"),
    "front_matter": Reason(
        "the metadata before the text can't be read; the text was", "correct the YAML or TOML"
    ),
    "sidecar": Reason(
        "the .meta.json beside a file can't be used; the file was read", "correct the JSON"
    ),
    "orphan_sidecar": Reason("a .meta.json without its file", "add the file or remove this one"),
    "bad_line": Reason("a line of a JSONL file is no JSON object", "correct the line"),
    "missing_id": Reason("a JSONL line has no id", 'add "id"'),
    "missing_text": Reason("a JSONL line has neither text nor html", 'add "text" or "html"'),
    "changing": Reason("the file changed each time that it was read", "run again when it is done"),
    "crashed": Reason(
        "the process that read it died, twice", "report the document; edit it, or remove it"
    ),
    "timeout": Reason("it took longer than --time-limit", "split it, or raise the limit"),
    "memory": Reason("it needed more than --memory-limit", "split it, or raise the limit"),
    "failed": Reason("an error in the program; detail says which", "report it with the document"),
    "duplicate_id": Reason("a JSONL line repeats an id; the first one was kept", "rename the id"),
}


def rejected(doc_id: str, code: str, detail: str = "") -> Rejected:
    """A row for ``rejected``; ``detail`` defaults to the description of ``code``."""
    return Rejected(doc_id, STAGE, code, detail or REASONS[code].about)
