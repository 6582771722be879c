"""What the hall says, in each language: the sentences of texts/zh.toml and texts/en.toml, read once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("zh", "en")
CODES = {"state": "state", "verb": "verb", "expected": "expected", "instead": "state"}
"""Blanks that the table of their name fills, and the fact that holds the code: {instead} says what to do in a `state`."""

BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """Every sentence by language and key; a key is table.name, as in "kiosk.take"."""

    sentences: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, files: Mapping[str, Mapping[str, Any]]) -> "Texts":
        """The texts of these files, given as parsed TOML by language."""
        return cls({lang: dict(_flat(files.get(lang, {}))) for lang in LANGUAGES})

    def say(self, lang: str, key: str, /, **facts: Any) -> str:
        """The sentence of a key with its blanks filled; a fact that is itself {"zh", "en"} is said in the language."""
        sentence = self.sentences[lang if lang in self.sentences else LANGUAGES[0]].get(key)
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

    def both(self, key: str, /, **facts: Any) -> dict[str, str]:
        """The sentence of a key in every language."""
        return {lang: self.say(lang, key, **facts) for lang in LANGUAGES}

    def knows(self, key: str) -> bool:
        """Whether there is a sentence of this key."""
        return key in self.sentences[LANGUAGES[0]]

    def table(self, lang: str, *names: str) -> dict[str, dict[str, str]]:
        """Whole tables as a page's JSON takes them, by name; a table nobody has written yet is empty."""
        tables: dict[str, dict[str, str]] = {name: {} for name in names}
        for key, sentence in self.sentences[lang].items():
            name, _, rest = key.partition(".")
            if name in tables:
                tables[name][rest] = sentence
        return tables

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Where the languages do not say the same: (language, key, what is wrong)."""
        for lang in LANGUAGES:
            for other in LANGUAGES:
                for key in self.sentences[other].keys() - self.sentences[lang].keys():
                    yield lang, key, f"is missing; texts/{other}.toml has it"
            for key, sentence in self.sentences[lang].items():
                if not sentence.strip():
                    yield lang, key, "says nothing"
        first, second = LANGUAGES
        for key in self.sentences[first].keys() & self.sentences[second].keys():
            here, there = _blanks(self.sentences[first][key]), _blanks(self.sentences[second][key])
            if here != there:
                yield second, key, f"has the blanks {_list(there)}; texts/{first}.toml has {_list(here)}"

    def _word(self, lang: str, name: str, fact: Any) -> str:
        if isinstance(fact, Mapping):
            return str(fact[lang])
        if name in CODES:
            return self.sentences[lang].get(f"{name}.{fact}", str(fact))
        return str(fact)


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, str(value)


def _blanks(sentence: str) -> set[str]:
    return set(BLANK.findall(sentence))


def _list(blanks: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(blanks)) or "none"
