"""Calendar effects: which days are special, their past effect, and how they are described."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from hallflow.config import load
from hallflow.domain.calendar import CalendarRules, HallEvent
from hallflow.domain.events import Reason
from hallflow.domain.plan import Plan
from hallflow.foresight.arrivals import forecast
from hallflow.foresight.learning.arrival_pattern import learn_arrival_pattern
from hallflow.foresight.learning.learned import Learned, from_plan
from hallflow.foresight.learning.special_days import effects_of, kinds_of
from hallflow.foresight.outlook import draw_day
from tests.foresight.makers import NOON, a_plan
from tests.makers import SAMPLES

LANGUAGES = load(SAMPLES).texts.languages
CHINA = CalendarRules(country="CN", month_end_days=2, languages=LANGUAGES)


def kinds(day: date, rules: CalendarRules = CHINA) -> list[str]:
    return [kind.key for kind in kinds_of(rules, day)]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 9, 20), ["makeup_workday"]),  # the Sunday worked for 6 October
        (date(2026, 9, 24), ["before_holiday"]),
        (date(2026, 9, 25), ["holiday"]),
        (date(2026, 9, 27), ["holiday"]),  # the Sunday of that weekend
        (date(2026, 9, 28), ["after_holiday"]),
        (date(2026, 9, 30), ["before_holiday", "month_end"]),
        (date(2026, 10, 4), ["holiday"]),
        (date(2026, 10, 8), ["after_holiday"]),
        (date(2026, 2, 14), ["makeup_workday"]),  # also the day before the holiday
        (date(2026, 3, 7), []),  # a Saturday like others
        (date(2026, 3, 11), []),
    ],
)
def test_chinas_days_off_and_the_days_around_them_are_known(day: date, found: list[str]):
    assert kinds(day) == found


def test_a_holiday_has_its_name_in_both_languages_and_another_country_its_own():
    (kind,) = kinds_of(CHINA, date(2026, 10, 6))
    assert kind.name == {"en": "National Day", "zh": "国庆节"}
    assert kinds(date(2026, 1, 6), CalendarRules("PL")) == ["holiday"]
    assert kinds(date(2026, 10, 1), CalendarRules()) == []


def test_bills_and_the_halls_own_events_have_their_days():
    sale = HallEvent({"zh": "促销", "en": "Sale"}, frozenset({date(2026, 3, 11)}), 1.5, frozenset({"sim"}))
    rules = CalendarRules(billing_days=frozenset({11}), billing_services=frozenset({"bills"}), events=(sale,))
    assert kinds(date(2026, 3, 11), rules) == ["billing", "event:促销"]
    plan = hall(rules)
    day, ordinary = (forecast(plan, from_plan(plan), date(2026, 3, d)) for d in (11, 12))
    assert total(day, "sim") == pytest.approx(1.5 * total(ordinary, "sim"))
    assert total(day, "bills") == pytest.approx(total(ordinary, "bills"))


def both(reason: Reason) -> dict[str, str]:
    """The sentence in each language, with the sentences that it is made of."""
    texts = load(SAMPLES).texts

    def said(value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"code", "facts"}:
            return texts.in_all(value["code"], **{key: said(fact) for key, fact in value["facts"].items()})
        return value

    words: dict[str, str] = said({"code": reason.code, "facts": dict(reason.facts)})
    return words


def hall(rules: CalendarRules) -> Plan:
    return replace(a_plan((("bills", "sim"),) * 4), calendar=rules)


def total(day, service: str) -> float:
    return sum(q.services[service].expected for q in day.quarters)


def a_year(plan: Plan, factor: float, days: int, seed: int = 2) -> Learned:
    """A hall that has so many times as many customers at its month ends."""
    rng, dates = np.random.default_rng(seed), [date(2026, 3, 2) + timedelta(days=i) for i in range(days)]
    counts = np.zeros((days, 2, 96))
    for i, day in enumerate(dates):
        special = factor if "month_end" in kinds(day) else 1.0
        counts[i, :, 36:68] = rng.poisson(3.0 * special, (2, 32))
    return replace(from_plan(plan), history_days=days, **learn_arrival_pattern(counts, dates, plan).as_learned())


def test_month_ends_are_learned_from_those_before_and_do_not_spoil_the_week():
    plan = hall(CHINA)
    learned = a_year(plan, 1.5, 200)
    factor, days = learned.effects["month_end"]
    assert days == 12  # two a month
    assert factor == pytest.approx(1.5 * 12 / 14 + 1 * 2 / 14, abs=0.06)
    ordinary = forecast(plan, learned, date(2026, 9, 16))
    assert ordinary.expected() == pytest.approx(192, rel=0.05)
    end = forecast(plan, learned, date(2026, 9, 29))
    assert end.expected() == pytest.approx(192 * factor, rel=0.06)


def test_the_plans_factor_speaks_until_such_days_were_seen_and_the_day_is_less_sure():
    plan = hall(replace(CHINA, factors={"holiday": 0.5}))
    learned = a_year(plan, 1.0, 21)
    national, usual = forecast(plan, learned, date(2026, 10, 1)), forecast(plan, learned, date(2026, 9, 17))
    assert national.expected() == pytest.approx(0.5 * usual.expected(), rel=0.05)
    assert national.busyness.shape < usual.busyness.shape
    (effect,) = effects_of(plan, learned.effects, date(2026, 10, 1))
    assert effect.as_reason().code == "outlook.effect_planned"


def test_a_weekend_day_that_is_worked_is_like_a_working_day():
    plan = hall(CHINA)
    dates = [date(2026, 3, 2) + timedelta(days=i) for i in range(28)]
    counts = np.zeros((28, 2, 96))
    counts[:, :, 36:68] = np.where([d.weekday() < 5 for d in dates], 4.0, 1.0)[:, None, None]
    learned = replace(from_plan(plan), history_days=28, **learn_arrival_pattern(counts, dates, plan).as_learned())
    worked, sunday = forecast(plan, learned, date(2026, 9, 20)), forecast(plan, learned, date(2026, 9, 13))
    assert worked.expected() > 2.5 * sunday.expected()


def test_what_is_special_of_a_day_is_said_in_both_languages_with_its_figures():
    plan = hall(replace(CHINA, factors={"before_holiday": 1.1}))
    learned = replace(from_plan(plan), history_days=90, effects={"month_end": (1.18, 5)})
    level = draw_day(plan, learned, date(2026, 9, 30), NOON).level
    words = both(level)
    assert words["en"].endswith("Before National Day: +10 % by the plan, for no such day has been seen yet. "
                                "Month end: +18 % as on 5 such days before")  # fmt: skip
    assert words["zh"].endswith("国庆节节前：+10%，按计划估算，尚无同类日记录；月末：+18%，依据此前 5 个同类日")
    unknown = both(draw_day(plan, learned, date(2026, 10, 1), NOON).level)
    assert unknown["en"].endswith("National Day: no such day has been seen yet, so it counts as an ordinary one")
    assert set(words) == {language.code for language in LANGUAGES}


def test_it_comes_back_from_json_as_it_was():
    learned = a_year(hall(CHINA), 1.2, 60)
    assert learned.effects
    assert Learned.from_data(learned.as_data()) == learned
