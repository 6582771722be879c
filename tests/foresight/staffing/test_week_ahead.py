"""The week ahead: busy and quiet periods, and the playbook's measures for them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hallflow.domain.hours import Hours
from hallflow.domain.plan import StaffingRules
from hallflow.domain.playbook import Playbook, PlaybookEntry
from hallflow.foresight.learning.learned import Learned, from_plan
from hallflow.foresight.staffing.week_ahead import week_ahead
from tests.foresight.makers import a_plan
from tests.makers import CHINESE, ENGLISH

MONDAY = date(2026, 3, 2)
BOOK = Playbook(
    {
        "busy": (
            PlaybookEntry({"zh": "开{counters}个", "en": "Open {counters} for {customers}"}),
            PlaybookEntry({"zh": "快速办{services}", "en": "Express: {services}"}, 60),
        ),
        "quiet": (
            PlaybookEntry({"zh": "休息", "en": "Breaks"}),
            PlaybookEntry({"zh": "培训", "en": "Training"}, 120),
        ),
    },
    express_minutes=5,
)
PLAN = replace(
    a_plan(
        (("bills", "sim"),) * 4,
        {"bills": 5.0, "sim": 10.0},
        staffing=StaffingRules(busy_above=0.8, quiet_below=0.4, counters_at_least=1),
    ),
    playbook=BOOK,
)
PLAN = replace(
    PLAN,
    languages=(CHINESE, ENGLISH),
    services={key: replace(s, name={"zh": f"{key}业务", "en": key.title()}) for key, s in PLAN.services.items()},
)


def a_hall(plan=PLAN) -> Learned:
    """Hardly anybody until eleven, more than the counters can serve until half past three, then hardly anybody again."""
    day = np.zeros(96)
    day[36:68] = 0.2
    day[44:62] = 4.5
    week = {key: tuple(tuple(day.tolist()) for _ in range(7)) for key in plan.services}
    return replace(from_plan(plan), week=week, history_days=30)


def test_a_day_is_told_in_stretches_with_their_times_and_what_to_do():
    first = week_ahead(PLAN, a_hall(), MONDAY)[0]
    assert len(first.halves) == 16
    assert [half.period for half in first.halves[:3]] == ["quiet"] * 3
    assert {half.period for half in first.halves[5:12]} == {"busy"}
    kinds = [stretch.period for stretch in first.stretches]
    assert kinds[0] == "quiet"
    assert "busy" in kinds
    busy = next(stretch for stretch in first.stretches if stretch.period == "busy")
    assert busy.load > 0.8
    assert busy.plays[0]["en"] == f"Open {busy.counters} for {round(busy.expected)}"
    assert busy.plays[1] == {"zh": "快速办bills业务", "en": "Express: Bills"}
    quiet = first.stretches[0]
    assert [words["en"] for words in quiet.plays] == ["Breaks", "Training"]
    assert quiet.start == datetime(2026, 3, 2, 9, tzinfo=UTC)
    said = quiet.as_data(PLAN)["text"]
    assert said["code"] == "outlook.stretch_quiet"
    assert said["facts"]["day"]["code"] == "outlook.weekday_0"
    assert (said["facts"]["from"], said["facts"]["until"]) == ("09:00", "11:00")


def test_what_is_not_worth_beginning_in_a_short_stretch_is_left_out():
    last = week_ahead(PLAN, a_hall(), MONDAY)[0].stretches[-1]
    assert last.period == "quiet"
    assert last.end - last.start < timedelta(hours=2)
    assert [words["en"] for words in last.plays] == ["Breaks"]


def test_an_express_counter_is_not_asked_for_where_nothing_is_short():
    plan = replace(PLAN, playbook=replace(BOOK, express_minutes=2))
    busy = [s for s in week_ahead(plan, a_hall(plan), MONDAY)[0].stretches if s.period == "busy"]
    assert [len(stretch.plays) for stretch in busy] == [1] * len(busy)


def test_a_lunch_break_parts_two_stretches_and_a_closed_day_has_none():
    hours = Hours(ZoneInfo("Asia/Shanghai"), {0: ((time(9, 15), time(12)), (time(13), time(17)))})
    plan = replace(PLAN, hours=hours)
    monday, tuesday = week_ahead(plan, from_plan(plan), MONDAY, days=2)
    assert (tuesday.halves, tuesday.stretches) == ((), ())
    starts = [half["time"] for half in monday.as_data(plan)["halves"]]
    assert starts[:2] == ["09:00", "09:30"]
    assert "12:00" not in starts
    assert len({stretch.start for stretch in monday.stretches}) >= 2
    assert all(stretch.end <= datetime(2026, 3, 2, 4, tzinfo=UTC) or stretch.start >= datetime(2026, 3, 2, 5, tzinfo=UTC)
               for stretch in monday.stretches)  # fmt: skip


def test_a_hall_without_history_or_playbook_still_has_its_map():
    plan = replace(PLAN, playbook=Playbook())
    week = week_ahead(plan, from_plan(plan), MONDAY)
    assert len(week) == 7
    assert all(half.load == pytest.approx(week[0].halves[-1].load, rel=0.5) for half in week[3].halves[2:])
    assert all(stretch.plays == () for day in week for stretch in day.stretches)
