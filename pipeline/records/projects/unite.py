"""One record for what several sentences of a document say of one project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.records.page import Page
from pipeline.records.projects.draft import Draft
from pipeline.records.report import Report, Support

# Names with this much in common are one project's.
_SAME = 88
# A project is looked for among so many before it.
_WINDOW = 200
_KIN = (
    frozenset({"centre", "data_centre", "facility", "body"}),
    frozenset({"software", "network"}),
    frozenset({"pilot"}),
    frozenset({"training"}),
    frozenset({"research", "other"}),
    frozenset({"study"}),
)
_WORD = re.compile(r"\w+")
_ACRONYM = re.compile(r"\(([A-Z][\w-]{1,9})\)")


def unite(page: Page, drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts of a document, those of one project merged; a back-reference alone is dropped."""
    found: list[Draft] = []
    drafts = sorted(drafts, key=lambda d: (d.start, d.end))
    for draft in (d for d in drafts if page.blocks[d.block].kind != "heading"):
        index = _antecedent(page, found, draft) if draft.points_back else _same(found, draft)
        if index is not None:
            found[index] = merge(found[index], draft)
        elif not draft.points_back or " " in draft.head:
            found.append(draft)
    titles = (d for d in drafts if page.blocks[d.block].kind == "heading")
    return found + [d for d in titles if _is_new(found, d)]


def _is_new(found: list[Draft], title: Draft) -> bool:
    """Whether a heading tells what happened to a thing of which the text says nothing."""
    told = title.status.detail or ""
    if title.points_back or told.startswith("inside"):
        return False
    return not any(_may_be(title, draft) for draft in found)


def _antecedent(page: Page, found: list[Draft], draft: Draft) -> int | None:
    """The project that "the centre" points back to: the nearest in the block or the group."""
    group = page.blocks[draft.block].group
    first = max(0, len(found) - _WINDOW)
    for index in range(len(found) - 1, first - 1, -1):
        other = found[index]
        # "The programmes" are no single programme.
        if draft.head.endswith("s") and " " in draft.head and not other.head.endswith("s"):
            continue
        near = other.block == draft.block or page.blocks[other.block].group == group
        if near and (draft.general or _may_be(draft, other)):
            return index
    alike = [i for i in range(first, len(found)) if _ends_alike(found[i], draft)]
    return alike[0] if len(alike) == 1 else None


def _ends_alike(one: Draft, draft: Draft) -> bool:
    """Whether "the centre" may mean a centre of another paragraph, if it is the only one."""
    name = str(one.name.value).lower() if one.name is not None else ""
    return _may_be(draft, one) and draft.head in name


def _may_be(draft: Draft, other: Draft) -> bool:
    one, two = draft.kind.value, other.kind.value
    return one == two or any({one, two} <= kin for kin in _KIN)


def _same(found: list[Draft], draft: Draft) -> int | None:
    for index in range(max(0, len(found) - _WINDOW), len(found)):
        if _is_same(found[index], draft):
            return index
    return None


def _is_same(one: Draft, other: Draft) -> bool:
    if not _may_be(one, other):
        return False
    if one.name is None or other.name is None:
        return other.name is None and one.block == other.block and other.head == other.kind.value
    if one.codes and other.codes and not one.codes & other.codes:
        return False
    if len(one.codes) == len(other.codes) == 2 and one.codes != other.codes:
        return False
    if one.block != other.block and _carried_apart(one, other):
        return False
    return _alike(str(one.name.value), str(other.name.value))


def _carried_apart(one: Draft, other: Draft) -> bool:
    """Whether two agreements of different institutions name each a project of its own."""
    if not all((d.status.detail or "").startswith(("agreement", "object")) for d in (one, other)):
        return False
    mine, yours = ({i.value for i in d.institutions} for d in (one, other))
    return len(mine) > 1 and len(yours) > 1 and bool(mine - yours) and bool(yours - mine)


def _alike(one: str, other: str) -> bool:
    words, others = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    for acronym, rest in _acronyms(one, other):
        if acronym.lower() in rest:
            return True
    if min(len(words), len(others)) < 2:
        return words == others
    return fuzz.token_set_ratio(one.lower(), other.lower()) >= _SAME


def _acronyms(one: str, other: str) -> Iterator[tuple[str, set[str]]]:
    """The acronyms that one name defines, with the words of the other: "Computing (HPC) Centre"."""
    for name, rest in ((one, other), (other, one)):
        words = set(_WORD.findall(rest.lower()))
        yield from ((acronym, words) for acronym in _ACRONYM.findall(name))


def merge(one: Draft, other: Draft) -> Draft:
    """One draft with the furthest status; what the first doesn't say comes from the second."""
    further = other if other.rank > one.rank else one
    if other.name is None and not other.points_back and one.name is not None:
        further = one
    date = further.date
    if date is None and one.status.value == other.status.value:
        date = one.date or other.date
    named = one if one.name is not None else other
    return replace(
        one,
        kind=named.kind if not one.points_back else other.kind,
        name=named.name,
        status=further.status,
        date=date,
        host=one.host or other.host,
        countries=one.countries or other.countries,
        institutions=_joined(one.institutions, other.institutions),
    )


def _joined(one: tuple[Support, ...], other: tuple[Support, ...]) -> tuple[Support, ...]:
    known = {s.value for s in one}
    return (*one, *(s for s in other if s.value not in known))


def report(draft: Draft) -> Report:
    """The report of a draft."""
    single = (draft.kind, draft.name, draft.host, draft.status, draft.date)
    values = (*(s for s in single if s is not None), *draft.countries, *draft.institutions)
    return Report("project", draft.start, draft.end, draft.rule, values)
