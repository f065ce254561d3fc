"""What the head of a page says of it: title, site, date, address, language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.ingest.characters import clean
from pipeline.ingest.content import Metadata

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_TITLE: Final = ("og:title", "dcterms.title", "dc.title", "twitter:title", "citation_title")
_SITE: Final = (
    "og:site_name",
    "dcterms.publisher",
    "dc.publisher",
    "article:publisher",
    "publisher",
)
_DATE: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "dcterms.issued",
    "dcterms.date", "dc.date.issued", "dc.date", "govuk:first-published-at",
    "govuk:public-updated-at", "date", "pubdate", "publish-date", "publishdate", "release_date",
    "citation_publication_date", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
_LINKED_DATE: Final = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_LANGUAGE: Final = ("dcterms.language", "dc.language", "language", "content-language")
_SUFFIX: Final = re.compile(r"\s+(?:[|»·]|[-–—]{1,2})\s+[^|»·]{1,60}$")


def read_head(tree: LexborHTMLParser, heading: str | None) -> Metadata:
    """The metadata of a page; ``heading`` is its first ``h1``."""
    named = _meta(tree)
    title = _first(named, _TITLE) or heading or _title(tree)
    return Metadata(
        title=_SUFFIX.sub("", title) if title and title != heading else title,
        published=_first(named, _DATE) or _machine_date(tree),
        url=_url(tree, named),
        source=_first(named, _SITE),
        language=_first(named, _LANGUAGE) or _language(tree),
    )


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    named: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        key = key or attributes.get("http-equiv")
        value = _tidy(attributes.get("content"))
        if key and value:
            named.setdefault(key.strip().lower(), value)
    return named


def _tidy(value: str | None) -> str | None:
    return " ".join(clean(value[:2000]).split()) or None if value else None


def _first(named: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((named[key] for key in keys if key in named), None)


def _title(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("title")
    return _tidy(node.text(deep=True)) if node else None


def _url(tree: LexborHTMLParser, named: dict[str, str]) -> str | None:
    node = tree.css_first("link[rel=canonical]")
    url = (node.attributes.get("href") if node else None) or named.get("og:url")
    return url if url and url.startswith(("http://", "https://")) else None


def _language(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("html")
    return (node.attributes.get("lang") or node.attributes.get("xml:lang")) if node else None


def _machine_date(tree: LexborHTMLParser) -> str | None:
    """The date in linked data, else that of the page's only ``time`` element with a publication."""
    for node in tree.css("script[type='application/ld+json']"):
        found = _LINKED_DATE.search(node.text(deep=True)[:100_000])
        if found:
            return found[1]
    time = tree.css_first("time[pubdate], time[itemprop=datePublished], time.published")
    return time.attributes.get("datetime") if time else None
