"""Which absent screens and kiosks raise an alert, and which were only previewed or put away."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallflow.domain.screens import ScreenSeen, silent
from tests.makers import WEDNESDAY, a_plan

LONG_AGO = WEDNESDAY - timedelta(days=3)
# the hall has been open since half past eight; it is ten, on a Wednesday
NOW = WEDNESDAY


def on(screen: str = "kiosk", since: float = 90) -> ScreenSeen:
    return ScreenSeen(screen, ago(since), NOW, is_on=True)


def off(screen: str = "kiosk", gone: float = 5, since: float = 90) -> ScreenSeen:
    return ScreenSeen(screen, ago(since), ago(gone), is_on=False)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def told(*seen: ScreenSeen, heard_since: datetime = LONG_AGO, now: datetime = NOW, **installed: int) -> list[tuple]:
    plan = replace(a_plan(), screens=installed)
    return [(one.screen, one.count, one.since, one.left) for one in silent(seen, plan, heard_since, now)]


def test_what_is_on_is_not_missed() -> None:
    assert told() == []
    assert told(on(), on("wall"), kiosk=1, wall=1) == []


def test_a_screen_that_has_gone_silent_is_missed_from_when_it_was_last_heard() -> None:
    assert told(off()) == [("kiosk", 1, ago(5), 0)]
    assert told(off(), on()) == [("kiosk", 1, ago(5), 1)]


@pytest.mark.parametrize(("gone", "missed"), [(1.9, False), (2, True), (59, True), (60, False)])
def test_a_short_gap_is_nothing_and_a_long_one_means_it_was_put_away(gone: float, *, missed: bool) -> None:
    assert bool(told(off(gone=gone))) == missed


def test_what_somebody_only_looked_at_is_not_missed() -> None:
    assert told(off("wall", gone=5, since=34)) == []
    assert told(off("wall", gone=5, since=35)) != []


def test_a_browser_that_comes_back_as_another_is_not_missed() -> None:
    assert told(off(gone=10), on(since=9)) == []
    assert told(off(gone=10), off(gone=12), on(since=9)) == [("kiosk", 1, ago(12), 1)]
    assert told(off(gone=10), on(since=11)) == [("kiosk", 1, ago(10), 1)]


def test_what_is_installed_is_missed_also_if_it_never_spoke() -> None:
    assert told(kiosk=2, wall=1) == [("kiosk", 2, None, 0), ("wall", 1, None, 0)]
    assert told(on(), kiosk=2) == [("kiosk", 1, None, 1)]
    assert told(on(), off(gone=80, since=81), kiosk=2) == [("kiosk", 1, ago(80), 1)], (
        "however shortly, however long ago"
    )
    assert told(on(), on(), off(gone=80), kiosk=2) == [], "another has taken its place"
    assert told(on(), off(gone=1), kiosk=2) == [], "it is away for a moment only"


def test_yesterdays_screens_are_forgotten() -> None:
    assert told(off(gone=24 * 60, since=30 * 60)) == []
    assert told(off(gone=24 * 60, since=30 * 60), kiosk=1) == [("kiosk", 1, None, 0)]


def test_nobody_is_told_while_the_hall_is_closed_or_has_just_opened() -> None:
    opened = NOW.replace(hour=0, minute=30)
    for minutes, missed in ((-1, 0), (1, 0), (2, 1)):
        assert len(told(now=opened + timedelta(minutes=minutes), kiosk=1)) == missed
    assert told(now=NOW.replace(hour=11), kiosk=1) == [], "it is seven in the evening"


def test_a_server_that_has_just_started_has_not_yet_heard_of_anybody() -> None:
    assert told(off(), heard_since=ago(1), kiosk=1) == []
    assert told(off(), heard_since=ago(2), kiosk=1) != []


SEEN = st.builds(
    lambda gone, stayed, is_on: ScreenSeen("kiosk", ago(gone + stayed), NOW if is_on else ago(gone), is_on),
    st.floats(0, 300),
    st.floats(0, 300),
    st.booleans(),
)


@given(st.lists(SEEN, max_size=6), st.integers(0, 4))
def test_never_more_are_missed_than_are_not_there(seen: list[ScreenSeen], installed: int) -> None:
    found = told(*seen, **({"kiosk": installed} if installed else {}))
    there = sum(one.is_on for one in seen)
    for _, count, since, left in found:
        assert left == there
        assert 1 <= count <= (installed - there if installed else len(seen) - there)
        assert since is None or since <= NOW - timedelta(minutes=2)
    if installed and not seen:
        assert found == [("kiosk", installed, None, 0)]
    if there >= max(installed, len(seen)):
        assert found == []
