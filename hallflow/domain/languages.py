"""Localisation: the languages of a hall, a name in each of them, and how each joins names into a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, str]
"""One meaning by the code of each language: {"zh": ..., "en": ...}."""


@dataclass(frozen=True, slots=True)
class Language:
    """What a language's own file says of it, in the table [language]."""

    code: str
    """The name of its file: a BCP 47 code such as "fr" or "pt-BR"."""
    name: str
    """What its speakers call it."""
    tag: str
    """By this BCP 47 tag dates and numbers are written."""
    voice: str
    """By this tag a voice is chosen that reads it aloud."""
    comma: str = ", "
    """Between the names of a list,"""
    semicolon: str = "; "
    """between the parts of a line,"""
    space: str = " "
    """between sentences, and between the signs of a number read aloud."""
    day: str = "{weekday} {date}"
    """A day in words; {weekday_short} is the other blank."""
    digits: str = "0123456789"
    """How the ten digits are read aloud, a sign each."""


UNDETERMINED = Language("und", "", "und", "und")
"""The language of a plan that is made without words, as the BCP 47 code for it says."""


def spoken(words: Words, code: str, languages: Iterable[Language] = ()) -> str:
    """A name in this language, else in the first of the hall's languages that has it, else in any."""
    if code in words:
        return words[code]
    for language in languages:
        if language.code in words:
            return words[language.code]
    return next(iter(words.values()), "")


def named_as(key: str, languages: Iterable[Language]) -> dict[str, str]:
    """The name of something that the plan has dropped: its key, in every language."""
    return {language.code: key for language in languages}


def listed(names: Sequence[Words], languages: Sequence[Language]) -> dict[str, str]:
    """Names as one list, in every language."""
    return {
        language.code: language.comma.join(spoken(name, language.code, languages) for name in names)
        for language in languages
    }
