"""Regular English forms: the plural of a noun, the forms of a verb."""

from __future__ import annotations

_VOWELS = frozenset("aeiou")
_SIBILANTS = ("s", "x", "z", "ch", "sh")
# The noun of "centre of excellence" stands before these.
_BEHIND_NOUN = frozenset({"of", "for", "on"})


def plural(phrase: str) -> str:
    """The plural of a noun or of the noun of a phrase: "centres of excellence"."""
    words = phrase.split(" ")
    at = next((i - 1 for i, word in enumerate(words) if i and word in _BEHIND_NOUN), -1)
    words[at] = _with_s(words[at])
    return " ".join(words)


def inflected(phrase: str) -> tuple[str, str, str, str, str]:
    """A regular verb's base, third person, past, participle and -ing: "rolls out"."""
    verb, _, rest = phrase.partition(" ")
    rest = f" {rest}" if rest else ""
    past = f"{_with_ed(verb)}{rest}"
    return phrase, f"{_with_s(verb)}{rest}", past, past, f"{_with_ing(verb)}{rest}"


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    if word.endswith("sis"):
        return f"{word[:-2]}es"
    return f"{word}es" if word.endswith(_SIBILANTS) else f"{word}s"


def _with_ed(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ied"
    return f"{word}d" if word.endswith("e") else f"{word}ed"


def _with_ing(word: str) -> str:
    silent = word.endswith("e") and not word.endswith(("ee", "oe", "ye"))
    return f"{word[:-1] if silent else word}ing"
