"""Why something was found: a document with its mentions, a record with its evidence."""

from pipeline.explain.data import as_dict
from pipeline.explain.find import NotFoundError
from pipeline.explain.page import page_of, write_page
from pipeline.explain.query import explain
from pipeline.explain.terminal import terminal_lines

__all__ = ["NotFoundError", "as_dict", "explain", "page_of", "terminal_lines", "write_page"]
