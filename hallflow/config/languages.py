"""Localisation: the message catalogues in texts/, one file a language with its locale settings, and the order of languages.

A sentence that an installation's file lacks falls back to the program's own file of the language, so that a folder of an
earlier version stays complete; where that lacks it too, to the first language that has the sentence.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator

from hallflow.config.faults import PlanFault
from hallflow.config.reading import Reader
from hallflow.config.texts import Texts, blanks, flat, in_braces
from hallflow.config.values import Said, Shape
from hallflow.domain.languages import Language

Table = Mapping[str, Any]
SHIPPED = Path(__file__).resolve().parents[2] / "config" / "texts"
"""The folder of the program's own catalogues."""
CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
DAY_BLANKS = {"date", "weekday", "weekday_short"}


def _tag(value: str) -> str:
    if not CODE.fullmatch(value):
        raise ValueError(f"{value!r} is not a BCP 47 tag such as 'fr' or 'fr-CA'")
    return value


def _day(value: str) -> str:
    if odd := blanks(value) - DAY_BLANKS:
        raise ValueError(f"nothing fills in {in_braces(odd)}; there are {in_braces(DAY_BLANKS)}")
    return value


def _ten(value: str) -> str:
    if len(value) != 10:
        raise ValueError("must have ten signs, one for each digit from 0 to 9")
    return value


Tag = Annotated[str, AfterValidator(_tag)]


class LanguageShape(Shape):
    """[language] of a file in texts/."""

    name: Said
    tag: Tag | None = None
    voice: Tag | None = None
    comma: str | None = None
    semicolon: str | None = None
    space: str | None = None
    day: Annotated[str, AfterValidator(_day)] | None = None
    digits: Annotated[str, AfterValidator(_ten)] | None = None


class Languages:
    """The catalogues of texts/, and the order of the company's languages."""

    def __init__(self, read: Reader, common: Table) -> None:
        found = read.parse_all("texts")
        self._unread = any(f"texts/{code}.toml" in read.unread for code in found)
        wrong = [code for code in found if not CODE.fullmatch(code)]
        read.add(PlanFault(f"texts/{code}.toml", "", _BAD_NAME) for code in wrong)
        if not found:
            read.add([PlanFault("texts", "", "there is no language; write one as texts/<code>.toml")])
        self.known = tuple(code for code in found if code not in wrong)
        self.order = order_of(common, self.known)
        self._written = {code: sentences(found[code]) for code in self.known}
        self._own = {code: sentences(_shipped(code)) | self._written[code] for code in self.known}
        self._languages = [_language(code, found[code], read) for code in self.order]

    def texts(self) -> Texts:
        """The catalogues with their fallbacks: each language has every sentence."""
        return Texts.of(self._own, self._languages)

    def faults(self) -> Iterator[PlanFault]:
        """Faults: a sentence that the first language lacks, an empty one, one with other placeholders."""
        if self._unread or not self.order:
            return
        first = self.order[0]
        for key, code in sorted(self._expected().items()):
            if key not in self._own[first]:
                yield PlanFault(f"texts/{first}.toml", key, f"is missing; texts/{code}.toml has it")
        whole = {key: sentence for code in reversed(self.order) for key, sentence in self._own[code].items()}
        for code in self.order:
            for key, sentence in sorted(self._own[code].items()):
                here, there = blanks(sentence), blanks(whole[key])
                if not sentence.strip():
                    yield PlanFault(f"texts/{code}.toml", key, "says nothing")
                elif here != there:
                    what = f"has the blanks {in_braces(here)}; texts/{first}.toml has {in_braces(there)}"
                    yield PlanFault(f"texts/{code}.toml", key, what)

    def remarks(self) -> Iterator[PlanFault]:
        """Warnings: sentences not translated yet, and sentences no longer used."""
        expected = self._expected()
        for code in self.order:
            for key in sorted(expected.keys() - self._written[code].keys()):
                spare = next(other for other in (code, *self.order) if key in self._own[other])
                whose = f"the program's own {code}.toml" if spare == code else f"texts/{spare}.toml"
                yield PlanFault(f"texts/{code}.toml", key, f"is missing; it is said as in {whose}")
            for key in sorted(self._written[code].keys() - expected.keys()):
                yield PlanFault(f"texts/{code}.toml", key, "nothing says this sentence")

    def _expected(self) -> dict[str, str]:
        """Every key of the program's own catalogues, with a language that has it."""
        files = {path.stem: sentences(_shipped(path.stem)) for path in sorted(SHIPPED.glob("*.toml"), reverse=True)}
        files = files or {code: self._own[code] for code in self.order}
        return {key: code for code in reversed(files) for key in files[code]}


def order_of(common: Table, known: Sequence[str]) -> tuple[str, ...]:
    """The company's languages, the first one first: those that hallflow.toml names, else all, from its `language` on."""
    named = common.get("languages")
    if isinstance(named, list) and (chosen := [code for code in named if code in known]):
        return tuple(dict.fromkeys(chosen))
    first = common.get("language", FIRST)
    return tuple(sorted(known, key=lambda code: (code != first, code)))


def sentences(table: Table) -> dict[str, str]:
    """A file's sentences by key, without its [language] table."""
    return dict(flat({name: value for name, value in table.items() if name != "language"}))


def _language(code: str, table: Table, read: Reader) -> Language:
    """A file's locale settings, with the program's own file as default."""
    said = {"name": code, **_about(_shipped(code)), **_about(table)}
    shape = read.shape(f"texts/{code}.toml", said, LanguageShape, "language")
    if shape is None:
        return Language(code, code, code, code)
    given = shape.model_dump(exclude_none=True)
    tag = given.pop("tag", code)
    return Language(code, tag=tag, voice=given.pop("voice", tag), **given)


@cache
def _shipped(code: str) -> Table:
    """The program's own catalogue of a language; empty where there is none."""
    try:
        with (SHIPPED / f"{code}.toml").open("rb") as opened:
            return tomllib.load(opened)
    except (OSError, tomllib.TOMLDecodeError):
        return {}


def _about(table: Table) -> Table:
    found = table.get("language")
    return found if isinstance(found, Mapping) else {}


FIRST = "zh"
"""The default first language."""
_BAD_NAME = "a language's file is named by its BCP 47 code, such as fr or pt-BR"
