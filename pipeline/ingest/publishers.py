"""Who published a document, of what kind and from which country, as far as something says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from pipeline.ingest.full_dates import DATE
from pipeline.ingest.lines import Line
from pipeline.rulebook.boilerplate import IngestRules, NamingRule, Publisher

_TOP: Final = 6
_BOTTOM: Final = 6
_MAX_LINE: Final = 300
_MAX_NAME: Final = 160
_BYLINE: Final = re.compile(r"\(([A-Z][\w /.-]{1,30})\)")
_SIGNED: Final = re.compile(r"[\s,–—-]+$")
_BODY_WORDS: Final = 9
_LETTERHEAD: Final = 3
_HEADED_KINDS: Final = frozenset({"ministry", "embassy"})
_CAPITALISED: Final = re.compile(r"(?:[A-Z&(]|of\b|and\b|the\b|for\b)")
_ARTICLE: Final = re.compile(r"the\s+", re.IGNORECASE)
_TRIM: Final = " \t,;:.–—-*|"


def source_in_text(lines: Sequence[Line], rules: IngestRules) -> str | None:
    """The publisher that the text names: a posting line, a signature, an owner, a byline."""
    signed = _signature(lines, rules)
    if signed:
        return signed
    body = [line for line in lines if line.boilerplate is None]
    telling = {
        id(line)
        for line in lines
        if len(line.text) <= _MAX_LINE and rules.names_source.match(line.text)
    }
    for rule in rules.naming if telling else ():
        for line in body[:_TOP] if rule.position == "top" else _span(lines, rule):
            found = rule.pattern.match(line.text) if id(line) in telling else None
            name = found["source"].strip(_TRIM) if found else ""
            if name:
                return name[:_MAX_NAME]
    return _byline(lines, rules) or _letterhead(body, rules)


def _span(lines: Sequence[Line], rule: NamingRule) -> Sequence[Line]:
    return lines[-_BOTTOM:] if rule.position == "bottom" else lines


def _signature(lines: Sequence[Line], rules: IngestRules) -> str | None:
    """A closing "Publisher, 11 December 2014", on one line or on two."""
    body = [line for line in lines if line.boilerplate is None]
    for i in range(len(body) - 1, max(len(body) - 4, 0), -1):
        text = body[i].text
        found = list(DATE.finditer(text)) if len(text) <= 120 else []
        if len(found) != 1 or found[0].end() < len(text.rstrip(_TRIM)):
            continue
        name = _SIGNED.sub("", text[: found[0].start()])
        if not name and i > 0 and len(body[i - 1].text) <= _MAX_NAME:
            name = body[i - 1].text
        if kind_of(name, rules) is not None:
            return name.strip(_TRIM)
    return None


def _byline(lines: Sequence[Line], rules: IngestRules) -> str | None:
    """An agency in brackets where reports name it: in the first lines or at the very end."""
    body = [line for line in lines if line.boilerplate is None]
    for line in (*body[:4], *body[-1:]):
        text = line.text
        for found in (*_BYLINE.finditer(text[:160]), *_BYLINE.finditer(text[-40:])):
            publisher = rules.by_byline.get(found[1])
            if publisher:
                return publisher.name
    return None


def _letterhead(body: Sequence[Line], rules: IngestRules) -> str | None:
    """A ministry or embassy alone on one of the first lines."""
    for line in body[:_LETTERHEAD]:
        alone = not line.marker and not line.joined and line.kind != "table_row"
        if alone and names_body(line.text, rules) and _begins_with_kind(line.text, rules):
            return line.text.strip(_TRIM)
    return None


def _begins_with_kind(text: str, rules: IngestRules) -> bool:
    """“Ministry of …”, unlike the place of a speech: “… Department, City”."""
    text = text[found.end() :] if (found := _ARTICLE.match(text)) else text
    return any(pattern.match(text) for kind, pattern in rules.kind_words if kind in _HEADED_KINDS)


def names_body(text: str, rules: IngestRules) -> bool:
    """Whether a line is nothing but the name of a ministry or another publisher."""
    words = text.split()
    if len(words) > _BODY_WORDS or not all(_CAPITALISED.match(word) for word in words):
        return False
    return any(pattern.search(text) for _, pattern in rules.kind_words)


def known(source: str | None, url: str | None, doc_id: str, rules: IngestRules) -> Publisher | None:
    """The publisher in the rules by its name, the domain of the address, or a folder of the path."""
    if source and source.casefold() in rules.by_name:
        return rules.by_name[source.casefold()]
    for domain in _domains(url):
        if domain in rules.by_domain:
            return rules.by_domain[domain]
    for folder in reversed(doc_id.split("/")[:-1]):
        if folder in rules.by_folder:
            return rules.by_folder[folder]
    return None


def kind_of(name: str | None, rules: IngestRules) -> str | None:
    """The kind that a name says, known or by its words."""
    if not name:
        return None
    if name.casefold() in rules.by_name:
        return rules.by_name[name.casefold()].kind
    return next((kind for kind, words in rules.kind_words if words.search(name)), None)


def of_address(url: str | None, rules: IngestRules) -> tuple[str | None, str | None]:
    """(country, kind) that the domain of an address tells."""
    domains = _domains(url)
    if not domains:
        return None, None
    for suffix, country, kind in rules.suffixes:
        if suffix in domains:
            return country, kind
    top = domains[-1]
    if len(top) == 2 and top not in rules.generic_domains:
        return top.upper(), None
    return None, None


def _domains(url: str | None) -> list[str]:
    """``www.mea.gov.in``, ``mea.gov.in``, ``gov.in``, ``in`` of an address."""
    if not url:
        return []
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return []
    parts = host.lower().strip(".").split(".")
    return [".".join(parts[i:]) for i in range(len(parts))] if len(parts) > 1 else []
