"""The message catalogue: every sentence in each language, with placeholders, and a fallback for each sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hallflow.domain import languages as tongues
from hallflow.domain.languages import Language, Words

COMMAND_LINE = "en"
"""The language of commands' output; a refusal falls back to the hall's first language."""
CODES = {"state": "state", "verb": "verb", "expected": "expected", "instead": "state"}
"""Placeholder -> the fact with a code, by which the placeholder's own table has the text: {instead} by a `state`."""

BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """Every sentence by language and key; a key is table.name, as in "kiosk.take"."""

    sentences: Mapping[str, Mapping[str, str]]
    """Each language has a sentence for every key: its own, or that of the first language that has one."""
    languages: tuple[Language, ...]
    """The hall's first language first."""

    @classmethod
    def of(cls, own: Mapping[str, Mapping[str, str]], languages: Sequence[Language]) -> "Texts":
        """Texts in these languages from each one's own sentences by key."""
        common: dict[str, str] = {}
        for language in reversed(languages):
            common |= own[language.code]
        return cls({each.code: {**common, **own[each.code]} for each in languages}, tuple(languages))

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages' codes, in their order."""
        return tuple(language.code for language in self.languages)

    @property
    def first(self) -> str:
        """The language of whoever has not chosen one."""
        return self.languages[0].code

    def say(self, lang: str, key: str, /, **facts: Any) -> str:
        """The sentence of a key with its placeholders filled; facts that are names by language are translated."""
        lang = lang if lang in self.sentences else self.first
        sentence = self.sentences[lang].get(key)
        if sentence is None:
            raise KeyError(f"texts/{lang}.toml has no {key}")
        if "{" not in sentence:
            return sentence

        def fill(blank: re.Match[str]) -> str:
            name = CODES.get(blank[1], blank[1])
            if name not in facts:
                raise KeyError(f"{key} needs {{{name}}}")
            return self._word(lang, blank[1], facts[name])

        return BLANK.sub(fill, sentence)

    def in_all(self, key: str, /, **facts: Any) -> dict[str, str]:
        """The sentence of a key in every language."""
        return {lang: self.say(lang, key, **facts) for lang in self.sentences}

    def name(self, lang: str, words: Words) -> str:
        """A name in this language, or in the first that has it."""
        return tongues.spoken(words, lang, self.languages)

    def listed(self, names: Sequence[Words]) -> dict[str, str]:
        """Names as one list, in every language."""
        return tongues.listed(names, self.languages)

    def language(self, lang: str) -> Language:
        """A language's locale settings; the first language's where the hall lacks it."""
        return next((one for one in self.languages if one.code == lang), self.languages[0])

    def knows(self, key: str) -> bool:
        """Whether there is a sentence of this key."""
        return key in self.sentences[self.first]

    def table(self, lang: str, *names: str) -> dict[str, dict[str, str]]:
        """Whole tables by name, for a page's JSON; a missing table is empty."""
        tables: dict[str, dict[str, str]] = {name: {} for name in names}
        for key, sentence in self.sentences[lang].items():
            name, _, rest = key.partition(".")
            if name in tables:
                tables[name][rest] = sentence
        return tables

    def _word(self, lang: str, name: str, fact: Any) -> str:
        if isinstance(fact, Mapping):
            return self.name(lang, fact)
        if name in CODES:
            return self.sentences[lang].get(f"{name}.{fact}", str(fact))
        return str(fact)


def flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """A file's sentences by key, from its tables."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{name}.")
        else:
            yield above + name, str(value)


def blanks(sentence: str) -> set[str]:
    """The names of a sentence's placeholders."""
    return set(BLANK.findall(sentence))


def in_braces(names: Iterable[str]) -> str:
    """Placeholders as written in a sentence: {from}, {until}."""
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"
