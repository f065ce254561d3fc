"""HTML pages: blocks, lists and tables of the body, metadata of the head."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser

from pipeline.ingest.content import Content
from pipeline.ingest.html_guard import limit_depth
from pipeline.ingest.html_head import read_head
from pipeline.ingest.html_walk import Walker
from pipeline.ingest.html_zones import judge
from pipeline.ingest.lines import Line

FORMAT: Final = "html"
SUFFIXES: Final = (".html", ".htm", ".xhtml")


def parse(text: str) -> Content:
    """The lines and the metadata of a page."""
    tree = LexborHTMLParser(limit_depth(text))
    walker = Walker()
    body = tree.body or tree.root
    if body is not None:
        walker.walk(body)
    judge(walker)
    return Content(walker.lines, read_head(tree, walker.first_heading or _heading(walker.lines)))


def _heading(lines: list[Line]) -> str | None:
    """The first heading of a page without an ``h1``; its ``title`` is often that of the site."""
    found = (line for line in lines if line.kind == "heading" and line.boilerplate is None)
    return next((line.text for line in found if line.depth <= 2), None)


def fragment_lines(text: str) -> list[Line]:
    """The lines of a piece of HTML inside another format, all of it taken as content."""
    tree = LexborHTMLParser(limit_depth(text))
    walker = Walker()
    if tree.body is not None:
        walker.walk(tree.body)
    return walker.lines
