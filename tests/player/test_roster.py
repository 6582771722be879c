"""Working hours and breaks of the demo's clerks: by the time of the day, or by the roster that the hall keeps."""

from datetime import UTC, datetime, timedelta

from hallflow.config import load
from hallflow.player.play import DayPlay
from hallflow.player.roster import Roster
from tests.makers import SAMPLES


def test_the_roster_opens_more_counters_at_the_peak_and_every_service_has_one(paced_address: str) -> None:
    play = DayPlay(paced_address, "central", "normal", 1, 60)
    plan = {key: list(counter.services) for key, counter in load(SAMPLES).plans["central"].counters.items()}
    roster = Roster(play.stage, plan)
    peak, noon = (datetime(2026, 3, 4, hour, 10, tzinfo=UTC) for hour in (2, 5))
    assert roster.needed(noon) < roster.needed(peak) <= 12
    lunches = {roster.breaks(counter, peak)[1].at for counter in plan}
    assert len(lunches) == 12


def test_clerks_go_by_the_roster_that_the_hall_keeps(paced_address: str) -> None:
    play = DayPlay(paced_address, "central", "normal", 1, 300)
    roster = Roster(
        play.stage, {key: list(counter.services) for key, counter in load(SAMPLES).plans["central"].counters.items()}
    )
    at = play.begins
    coffee, lunch = at + timedelta(minutes=60), at + timedelta(minutes=120)
    back = [coffee + timedelta(minutes=15), lunch + timedelta(minutes=45)]
    roster.follow({"5": [(at, coffee), (back[0], lunch), (back[1], at + timedelta(minutes=200))]})
    assert [(b.at, b.minutes, b.reason) for b in roster.breaks("5", at)] == [
        (coffee, 15, "break"),
        (lunch, 45, "lunch"),
    ]
    assert roster.works("5", at)
    assert roster.works("5", coffee), "whoever rests pauses, and does not go home"
    assert not roster.works("5", at + timedelta(minutes=200))
    assert not roster.works("1", at)
    assert roster.breaks("1", at) == []
    roster.follow({})
    assert roster.works(roster.order[0], at)
