"""One agreement, many releases: reports of all documents become records.

    found = resolve(tables, link_words(book))    # Arrow tables in, rows by table name out

`resolve` is pure; `link_folder` reads and writes the Parquet files of a run.
"""

from pipeline.link.folder import link_folder
from pipeline.link.resolve import RecordTables, resolve
from pipeline.link.words import link_words

__all__ = ["RecordTables", "link_folder", "link_words", "resolve"]
