"""A hall with a roster on the dashboard: who is missing, and a break that falls into a busy period."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hallflow.domain.roster.seats import monday_of
from hallflow.storage.records import rosters
from tests.browser.by_hand import ByHand, by_hand
from tests.browser.conftest import CONSOLE, TABLET, VisitorsOf
from tests.browser.house import NOON, Desk
from tests.browser.looking import complaints, keep
from tests.makers import ZONE

SOON = timedelta(minutes=29)
"""Until the breaks: as far ahead as breaks are looked at, for a manager has to see them in time."""
BREAK = timedelta(minutes=15)
DAY = NOON.date()


@pytest.fixture(scope="module")
def rostered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ByHand]:
    with by_hand(tmp_path_factory.mktemp("rostered")) as house:
        yield house


def keep_roster(rostered: ByHand) -> None:
    """Counters 2 and 3 rest at the same time; somebody was to come to counter 1 a while ago."""
    now = rostered.clock.now()
    # within the hours in which the sample's half day has its break
    begins, back, goes = now + SOON, now + SOON + BREAK, now + timedelta(hours=4)
    came = now - timedelta(hours=1)

    def shift(person: str, since: datetime, breaks: list[Any], *seats: list[str]) -> dict[str, Any]:
        return {
            "day": DAY.isoformat(), "person": person, "shift": "half", "start": hands(since), "end": hands(goes),
            "breaks": breaks, "counters": list(seats), "paid_minutes": 225,
        }  # fmt: skip

    rest = [[hands(begins), hands(back)]]
    shifts = [
        shift(person, came, rest, [key, hands(came), hands(begins)], [key, hands(back), hands(goes)])
        for person, key in (("he", "2"), ("lin", "3"))
    ]
    late = now - timedelta(minutes=20)
    shifts.append(shift("gao", late, [], ["1", hands(late), hands(goes)]))
    with rostered.worker.turns.of("central") as connection:
        roster = {"zone": str(ZONE), "shifts": shifts, "people": []}
        rosters.keep(connection, "central", monday_of(DAY), now, roster)


def hands(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def breaks_of(rostered: ByHand) -> set[str]:
    with rostered.worker.engine.connect() as connection:
        kept = rosters.read(connection, "central", monday_of(DAY))
    return {start for shift in kept["shifts"] for start, _ in shift["breaks"]}


def unfold(page: Page) -> None:
    """Show what came of today's advice."""
    page.locator('details[data-at="advice-past"]').evaluate("one => (one.open = true)")


def looked_at(page: Page, album: Path, name: str) -> list[str]:
    """A picture in both languages and sizes; what a careful eye finds wrong."""
    wrong = []
    for language in ("zh", "en"):
        page.goto(re.sub(r"\?.*", "", page.url) + f"?lang={language}")
        for width, height in (CONSOLE, TABLET):
            page.set_viewport_size({"width": width, "height": height})
            expect(page.locator(".task").first).to_be_visible()
            unfold(page)
            wrong += complaints(page)
            keep(page, album, f"{name}-{language}-{width}", whole=True)
    return wrong


def test_who_is_missed_is_told_and_an_accepted_break_moves(
    visitors_of: VisitorsOf, rostered: ByHand, album: Path
) -> None:
    visitors = visitors_of(rostered.url)
    with closing(Desk(rostered.url)) as desk:
        page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
        desk.open("2", "3")
        for _ in range(12):
            desk.take("bills")
        keep_roster(rostered)
        rostered.work()
        expect(page.locator(".task", has_text="推迟到")).to_have_count(1)
        expect(page.locator(".task", has_text="1号窗口按排班")).to_contain_text("现在没有人在岗")
        wrong = looked_at(page, album, "break")
        expect(page.locator(".task", has_text="Counter 1 should be open since")).to_be_visible()
        advice = page.locator(".task", has_text="Start the break")
        was, to = re.findall(r"\d\d:\d\d", advice.inner_text())[1::-1]
        counter = re.search(r"Counter (\d)", advice.inner_text())[1]
        advice.get_by_role("button", name="Accept").click()
        expect(page.locator(".toast").first).to_be_visible()
        keep(page, album, "break-accepted-en")
        assert breaks_of(rostered) == {was, to}
        console = visitors(f"/sign-in/central?lang=en&counter={counter}", CONSOLE, "en")
        expect(console.locator(".place", has_text=f"start your break at {to} instead of {was}")).to_be_visible()
        desk.open("1")
        expect(page.locator(".task", has_text="Counter 1 should be open since")).to_have_count(0)
        unfold(page)
        row = page.locator(".advice-row", has_text=f"Start the break at Counter {counter}")
        for key in ("1", "2", "3"):
            desk.does(key, "call-next")
            desk.does(key, "arrived")
        rostered.move(minutes_until(to, rostered))
        expect(row.filter(has_text="Done")).to_be_visible()
        desk.does("2", "finish")
        desk.does("2", "call-next")
        rostered.move(60)
        expect(row.filter(has_text="Measured:")).to_be_visible()
        wrong += looked_at(page, album, "break-measured")
        assert wrong == []


def minutes_until(clock: str, rostered: ByHand) -> float:
    at = datetime.combine(DAY, time.fromisoformat(clock), ZONE)
    return (at - rostered.clock.now()).total_seconds() / 60
