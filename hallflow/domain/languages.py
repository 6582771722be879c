"""Localisation: the languages of a hall, a name in each of them, and how each joins names into a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, str]
"""One meaning by the code of each language: {"zh": ..., "en": ...}."""


@dataclass(frozen=True, slots=True)
class Language:
    """The settings of one language, from the table [language] of its file."""

    code: str
    """The name of its file: a BCP 47 code such as "fr" or "pt-BR"."""
    name: str
    """The language's own name for itself."""
    tag: str
    """The BCP 47 tag by which dates and numbers are formatted."""
    voice: str
    """The BCP 47 tag by which a voice for announcements is chosen."""
    comma: str = ", "
    """Separates the names of a list."""
    semicolon: str = "; "
    """Separates the parts of a line."""
    space: str = " "
    """Separates sentences, and the characters of a number read aloud."""
    day: str = "{weekday} {date}"
    """The format of a day in words; {weekday_short} is a third placeholder."""
    digits: str = "0123456789"
    """How the ten digits are read aloud, one character each."""


UNDETERMINED = Language("und", "", "und", "und")
"""The language of a plan without texts: BCP 47's code for "undetermined"."""


def spoken(words: Words, code: str, languages: Iterable[Language] = ()) -> str:
    """A name in this language, else in the first of the hall's languages that has it, else in any."""
    if code in words:
        return words[code]
    for language in languages:
        if language.code in words:
            return words[language.code]
    return next(iter(words.values()), "")


def named_as(key: str, languages: Iterable[Language]) -> dict[str, str]:
    """The name of something that is no longer in the plan: its key, in every language."""
    return {language.code: key for language in languages}


def listed(names: Sequence[Words], languages: Sequence[Language]) -> dict[str, str]:
    """Names joined into one list, in every language."""
    return {
        language.code: language.comma.join(spoken(name, language.code, languages) for name in names)
        for language in languages
    }
