"""The language of a text from its script and its commonest words, on a sample only."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_SAMPLE: Final = 1500
_MIN_SHARE: Final = 0.12  # running text in a language has at least this share of its small words
_MIN_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W\d_]+")
_WORDS: Final[dict[str, frozenset[str]]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the of and to in a is for on with that by as at from this was are be it an has have "
        "will its their which he she we our were been between or not",
        "fr": "le la les de des du et en un une est dans pour que qui sur par au aux avec ce cette "
        "sont il elle nous ses pas plus ou été",
        "es": "el la los las de del y en un una es para que por con se al como su sus más fue entre "
        "ha este esta son lo",
        "pt": "o a os as de do da dos das e em um uma é para que por com no na ao se mais foi entre "
        "não são pelo pela",
        "de": "der die das und in den von zu mit des im für ist auf dem ein eine nicht als auch "
        "werden wird bei sich zur zum",
        "it": "il la i gli le di del della e in un una è per che con da dei nel sono al alla non "
        "più come tra delle",
        "nl": "de het een en van in is op te dat met voor zijn niet aan er om ook als bij door naar",
        "id": "yang dan di dengan untuk ini dari dalam pada itu akan kepada oleh tersebut juga "
        "antara telah sebagai adalah",
        "vi": "và của các là trong cho với được đã một những không có về này tại đến người ngày",
        "tr": "ve bir bu da de için ile olarak olan daha çok en ise gibi kadar sonra",
        "pl": "i w na z do się o że jest to oraz dla nie przez od po jak są",
    }.items()
}
_LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    word: tuple(code for code, words in _WORDS.items() if word in words)
    for word in frozenset().union(*_WORDS.values())
}
# Scripts that one language alone (of those that publish much) uses; the others stay open.
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("lo", re.compile("[\u0e81-\u0edf]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
)
_OTHER_SCRIPT: Final = re.compile("[\u0370-\u1fff\u3041-\ud7a3]")
_TAG: Final = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")


def normal(tag: str | None) -> str | None:
    """``en`` from ``en-GB``, or None when a tag isn't of that form."""
    found = _TAG.fullmatch(tag.strip()) if tag else None
    return found[1].lower() if found else None


def guess(text: str) -> str | None:
    """The ISO 639-1 code of the language of ``text``, or None when it isn't clear."""
    # The head may be addresses and names; the middle is running text.
    start = max(0, min(len(text) // 3, len(text) - _SAMPLE))
    sample = text[start : start + _SAMPLE]
    known = not _OTHER_SCRIPT.search("".join(set(sample)))
    foreign = 0 if known else len(_OTHER_SCRIPT.findall(sample))
    if foreign > len(sample) // 8:
        for code, script in _SCRIPTS:
            if len(script.findall(sample)) > foreign // 4:
                return code
        return None
    words = Counter(_WORD.findall(sample.lower()))
    total = sum(words.values())
    if total < _MIN_WORDS:
        return None
    scores = dict.fromkeys(_WORDS, 0)
    for word, count in words.items():
        for code in _LANGUAGES.get(word, ()):
            scores[code] += count
    (best, code), (second, _) = sorted(((n, code) for code, n in scores.items()), reverse=True)[:2]
    return code if best >= _MIN_SHARE * total and best > second else None
