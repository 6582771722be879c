"""Languages are the files of texts/: their order, the fallback for missing texts, and the warnings of `check`."""

import re
from pathlib import Path

import pytest

from hallflow.config import load
from hallflow.domain.languages import Language
from tests.config.plans import a_config, faults_of, spoil

FRENCH = """
[language]
name = "Français"
tag = "fr-FR"

[kiosk]
take = "Prendre un numéro"
ahead = "{n} personnes avant vous"
"""


def with_french(folder: Path, order: str = '["zh", "en", "fr"]', french: str = FRENCH) -> Path:
    plan = a_config(folder)
    (plan / "texts" / "fr.toml").write_text(french, encoding="utf-8")
    spoil(plan, "hallflow.toml", 'languages = ["zh", "en"]', f"languages = {order}")
    return plan


def remarks_of(plan: Path) -> list[str]:
    return [str(remark) for remark in load(plan).remarks]


def test_a_file_is_a_language_and_says_how_it_is_written(tmp_path: Path) -> None:
    french = load(with_french(tmp_path)).texts.languages[2]
    assert french == Language("fr", "Français", "fr-FR", "fr-FR", ", ", "; ", " ", "{weekday} {date}", "0123456789")


def test_a_text_falls_back_along_the_halls_order(tmp_path: Path) -> None:
    texts = load(with_french(tmp_path, '["en", "fr", "zh"]')).texts
    assert texts.codes == ("en", "fr", "zh")
    assert texts.say("fr", "kiosk.take") == "Prendre un numéro"
    assert texts.say("fr", "kiosk.clear") == "Clear"
    assert texts.say("fr", "kiosk.ahead", n=3) == "3 personnes avant vous"
    assert texts.table("fr", "kiosk")["kiosk"]["clear"] == "Clear"
    assert texts.say("pt", "kiosk.take") == texts.say("en", "kiosk.take")


def test_without_an_order_all_files_are_spoken_the_first_language_first(tmp_path: Path) -> None:
    plan = with_french(tmp_path)
    spoil(plan, "hallflow.toml", 'languages = ["zh", "en", "fr"]', "")
    assert load(plan).texts.codes == ("zh", "en", "fr")
    spoil(plan, "hallflow.toml", "name = {", 'language = "fr"\nname = {')
    # French is the first now, so it must say all, and name all
    assert "texts/fr.toml: kiosk.clear: is missing; texts/zh.toml has it" in faults_of(plan)
    assert "services.toml: services.bills.name.fr: is missing" in faults_of(plan)


def test_a_name_of_the_plan_may_be_given_in_any_language_and_falls_back_to_the_first(tmp_path: Path) -> None:
    plan = with_french(tmp_path)
    spoil(plan, "services.toml", 'zh = "话费缴纳与账单", en = "Bills and payments"', 'zh = "话费", fr = "Factures"')
    service = load(plan).plans["central"].services["bills"]
    assert service.name == {"zh": "话费", "en": "话费", "fr": "Factures"}
    assert load(plan).plans["central"].services["sim"].name["fr"] == "补卡换卡"


def test_a_language_that_is_not_spoken_is_not_shown(tmp_path: Path) -> None:
    plan = with_french(tmp_path, '["zh"]')
    read = load(plan)
    assert read.texts.codes == ("zh",)
    assert read.plans["central"].services["bills"].name == {"zh": "话费缴纳与账单"}
    assert read.remarks == ()


def test_what_is_not_translated_yet_is_a_remark(tmp_path: Path) -> None:
    plan = with_french(tmp_path)
    remarks = remarks_of(plan)
    assert faults_of(plan) == []
    assert "texts/fr.toml: kiosk.clear: is missing; it is said as in texts/zh.toml" in remarks
    assert "texts/fr.toml: kiosk.take: is missing; it is said as in texts/zh.toml" not in remarks
    assert "services.toml: services.bills.name.fr: is missing; it is said in zh" in remarks
    assert "services.toml: services.bills.documents.1.name.fr: is missing; it is said in zh" in remarks
    assert not [remark for remark in remarks if "zh.toml: " in remark or "en.toml: " in remark]


def test_a_sentence_that_nothing_says_is_a_remark(tmp_path: Path) -> None:
    plan = with_french(tmp_path, french=FRENCH.replace("take =", "tkae ="))
    assert "texts/fr.toml: kiosk.tkae: nothing says this sentence" in remarks_of(plan)
    assert "texts/fr.toml: kiosk.take: is missing; it is said as in texts/zh.toml" in remarks_of(plan)


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("{n} personnes", "{m} personnes", "texts/fr.toml: kiosk.ahead: has the blanks {m}; texts/zh.toml has {n}"),
        ('"Prendre un numéro"', '" "', "texts/fr.toml: kiosk.take: says nothing"),
        ('"fr-FR"', '"French"', "texts/fr.toml: language.tag: 'French' is not a BCP 47 tag such as 'fr' or 'fr-CA'"),
        ('tag = "fr-FR"', 'day = "{jour}"', "texts/fr.toml: language.day: nothing fills in {jour}; there are {date}, {weekday}, {weekday_short}"),
        ('tag = "fr-FR"', 'digits = "12"', "texts/fr.toml: language.digits: must have ten signs, one for each digit from 0 to 9"),
        ('tag = "fr-FR"', "rtl = true", "texts/fr.toml: language.rtl: there is no such setting"),
        ("[kiosk]", "[kiosk", "texts/fr.toml: line 6, column 7: Expected ']' at the end of a table declaration"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, was: str, now: str, fault: str) -> None:
    assert faults_of(with_french(tmp_path, french=FRENCH.replace(was, now))) == [fault]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('languages = ["zh", "de"]', "hallflow.toml: languages.2: texts/ has no de.toml"),
        ("languages = []", "hallflow.toml: languages: must have at least 1"),
        ('languages = ["zh", "zh"]', "hallflow.toml: languages: each stands in it once"),
        ('language = "de"', "hallflow.toml: language: texts/ has no de.toml"),
        ('language = "en"\nlanguages = ["zh"]', "hallflow.toml: languages begins with 'zh': leave out language = 'en'"),
    ],
)
def test_an_order_that_cannot_be_is_a_fault(tmp_path: Path, line: str, fault: str) -> None:
    plan = a_config(tmp_path)
    spoil(plan, "hallflow.toml", 'languages = ["zh", "en"]', line)
    assert faults_of(plan) == [fault]


def test_a_files_name_is_its_code(tmp_path: Path) -> None:
    plan = with_french(tmp_path)
    (plan / "texts" / "fr.toml").rename(plan / "texts" / "French.toml")
    assert "texts/French.toml: a language's file is named by its BCP 47 code, such as fr or pt-BR" in faults_of(plan)


def test_a_folder_without_a_language_is_a_fault(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    for file in (plan / "texts").iterdir():
        file.unlink()
    spoil(plan, "hallflow.toml", 'languages = ["zh", "en"]', "")
    assert "texts: there is no language; write one as texts/<code>.toml" in faults_of(plan)


def test_a_folder_of_an_earlier_program_still_says_everything(tmp_path: Path) -> None:
    """Its files have no table of their language, lack the newest sentences, and have some that nothing says any more."""
    plan = a_config(tmp_path)
    spoil(plan, "hallflow.toml", 'languages = ["zh", "en"]', 'language = "zh"')
    for code in ("zh", "en"):
        file = plan / "texts" / f"{code}.toml"
        older = re.sub(r"\[language\]\n(.+\n)+", "", file.read_text(encoding="utf-8"))
        older = re.sub(r"call_spoken = .*\n", "", older).replace("[common]\n", '[common]\nlanguage_other = "X"\n')
        file.write_text(older, encoding="utf-8")
    assert faults_of(plan) == []
    read, shipped = load(plan), load(Path(__file__).parents[2] / "config")
    assert read.texts.languages == shipped.texts.languages
    assert read.texts.in_all("wall.call_spoken", number="1", counter="2") == shipped.texts.in_all(
        "wall.call_spoken", number="1", counter="2"
    )
    assert "texts/zh.toml: wall.call_spoken: is missing; it is said as in the program's own zh.toml" in remarks_of(plan)
    assert "texts/en.toml: common.language_other: nothing says this sentence" in remarks_of(plan)
