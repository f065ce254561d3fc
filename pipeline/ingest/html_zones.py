"""Which parts of a page are navigation, footers and the like, judged by structure and by links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.ingest.html_walk import Walker
    from pipeline.ingest.lines import Line

MAIN_ZONE: Final = "main"
_TAGS: Final = {"nav": "navigation", "footer": "footer", "aside": "related",
                "header": "navigation", "main": MAIN_ZONE, "figcaption": "caption"}  # fmt: skip
_ROLES: Final = {"navigation": "navigation", "banner": "navigation", "contentinfo": "footer",
                 "complementary": "related", "search": "navigation", "main": MAIN_ZONE,
                 "menu": "navigation", "menubar": "navigation"}  # fmt: skip
_TOKENS: Final[dict[str, str]] = {
    **dict.fromkeys(("breadcrumb", "breadcrumbs", "crumb", "crumbs"), "breadcrumb"),
    **dict.fromkeys(("cookie", "cookies", "gdpr", "consent"), "cookie"),
    **dict.fromkeys(("share", "sharing", "social", "addthis", "addtoany", "sharethis"), "share"),
    **dict.fromkeys(("related", "recommended", "sidebar"), "related"),
    **dict.fromkeys(
        ("nav", "navbar", "navigation", "menu", "megamenu", "submenu", "pagination", "pager",
         "toolbar", "skip", "skiplink", "skiplinks", "topbar"), "navigation"),
    **dict.fromkeys(("footer", "copyright", "colophon"), "footer"),
    **dict.fromkeys(("figcaption",), "caption"),
}  # fmt: skip
_PHRASES: Final = re.compile(
    r"(?P<caption>(?:wp|image|img|photo|media)[-_]?caption|caption[-_]text)"
    r"|(?P<related>(?:latest|more|also|most)[-_]?(?:news|read|stories|posts|articles))"
    r"|(?P<main>article[-_]?(?:body|content)|entry[-_]content|post[-_]content|news[-_]content|"
    r"press[-_]release[-_](?:body|content)|main[-_]?content)",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
# A part that holds this share of a page's text is no frame around it, whatever it is called.
_MAX_SHARE: Final = 0.5
_PROSE: Final = 120
_LINKED: Final = 0.6
_MAX_MENU_ITEM: Final = 80


class Zone:
    """A part of a page: its kind of boilerplate (or the main text) and how much text it holds."""

    __slots__ = ("kind", "owner", "parent", "size")

    def __init__(self, kind: str | None, parent: Zone | None, owner: int = -1) -> None:
        self.kind = kind
        self.parent = parent
        self.owner = owner
        self.size = 0


def zone_kind(tag: str, attributes: dict[str, str | None], inside: Zone) -> str | None:
    """The kind of zone that an element opens, or None for most elements."""
    if tag in ("body", "html"):
        return None
    kind = _TAGS.get(tag)
    if tag == "header" and inside.kind == MAIN_ZONE:
        kind = None
    if kind is None and attributes:
        role = attributes.get("role")
        kind = _ROLES.get(role) if role else None
        kind = kind or _by_name(attributes)
    return None if kind == MAIN_ZONE and inside.kind == MAIN_ZONE else kind


def _by_name(attributes: dict[str, str | None]) -> str | None:
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if len(name) < 3 or len(name) > 500:
        return None
    phrase = _PHRASES.search(name)
    if phrase:
        return phrase.lastgroup
    for token in _SPLIT.split(name):
        kind = _TOKENS.get(token.lower())
        if kind is not None:
            return kind
    return None


def judge(page: Walker) -> None:
    """Marks the lines of a page that belong to boilerplate zones or to menus around its text."""
    for zone in reversed(page.zones):
        if zone.parent is not None:
            zone.parent.size += zone.size
    total = page.zones[0].size
    for line, zone in zip(page.lines, page.zone_of, strict=True):
        line.boilerplate = _kind_of(zone, total)
        if line.boilerplate == "navigation" and line.kind == "heading" and line.depth == 1:
            line.boilerplate = None
    in_main = [_in_main(zone) for zone in page.zone_of]
    _mark_outside(page.lines, in_main)
    _mark_menus(page.lines)


def _kind_of(zone: Zone | None, total: int) -> str | None:
    """The outermost boilerplate zone around a line that isn't most of the page."""
    found = None
    while zone is not None:
        if zone.kind not in (None, MAIN_ZONE) and zone.size <= _MAX_SHARE * total:
            found = zone.kind
        zone = zone.parent
    return found


def _in_main(zone: Zone | None) -> bool:
    while zone is not None:
        if zone.kind == MAIN_ZONE:
            return True
        zone = zone.parent
    return False


def _is_prose(line: Line) -> bool:
    return line.boilerplate is None and len(line.text) >= _PROSE and line.links < _LINKED


def _is_link(line: Line) -> bool:
    return line.links >= _LINKED and len(line.text) <= _MAX_MENU_ITEM


def _mark_outside(lines: list[Line], in_main: list[bool]) -> None:
    """Where the page names its main part, the short links outside of it are navigation."""
    inside = sum(len(line.text) for line, main in zip(lines, in_main, strict=True) if main)
    prose = sum(
        len(line.text)
        for line, main in zip(lines, in_main, strict=True)
        if not main and _is_prose(line)
    )
    if inside <= prose:
        return
    for line, main in zip(lines, in_main, strict=True):
        if not main and line.boilerplate is None and _is_link(line):
            line.boilerplate = "navigation"


def _mark_menus(lines: list[Line]) -> None:
    """Lines of links before the first and after the last prose are menus, unless nothing is prose."""
    prose = [i for i, line in enumerate(lines) if _is_prose(line)]
    if not prose:
        return
    for i, line in enumerate(lines):
        outside = i < prose[0] or i > prose[-1]
        if outside and line.boilerplate is None and line.kind != "table_row" and _is_menu(lines, i):
            line.boilerplate = "navigation"


def _is_menu(lines: list[Line], i: int) -> bool:
    """A link among at least two more: one link alone may be an annex."""
    if not _is_link(lines[i]):
        return False
    near = lines[max(0, i - 2) : i + 3]
    return sum(map(_is_link, near)) >= 3
