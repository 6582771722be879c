"""A hall with a roster, before its manager: whom it misses, and a break that falls into a rush; an hour of it is a minute."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hallflow.domain.roster.seats import monday_of
from hallflow.storage.records import rosters
from tests.browser.conftest import CONSOLE, TABLET, Visitors
from tests.browser.house import Desk, at_noon, open_house
from tests.browser.looking import complaints, keep
from tests.makers import a_house

PACE = "60"
SOON = timedelta(minutes=29)
"""Until the breaks, by the hall's clock: as far ahead as breaks are looked at, for a manager has to see them in time."""
BREAK = timedelta(minutes=15)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rostered")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[str]:
    """The sample halls at noon, in a hurry."""
    config = at_noon(folder / "config")
    with open_house(folder, HALLFLOW_CONFIG=str(config), HALLFLOW_DEMO_PACE=PACE) as url:
        yield url


def keep_roster(folder: Path, now: datetime) -> None:
    """Counters 2 and 3 rest at the same time; somebody was to come to counter 1 a while ago."""
    house = a_house(folder / "data", config=folder / "config")
    hall = house.hall("central")
    day = hall.plan.hours.day_of(now)

    def clock(at: datetime) -> str:
        return f"{at.astimezone(hall.plan.hours.zone):%H:%M}"

    # within the hours in which the sample's half day has its break
    begins, back, goes = now + SOON, now + SOON + BREAK, now + timedelta(hours=4)
    came = now - timedelta(hours=1)

    def shift(person: str, since: datetime, breaks: list[Any], *seats: list[str]) -> dict[str, Any]:
        return {
            "day": day.isoformat(), "person": person, "shift": "half", "start": clock(since), "end": clock(goes),
            "breaks": breaks, "counters": list(seats), "paid_minutes": 225,
        }  # fmt: skip

    rest = [[clock(begins), clock(back)]]
    shifts = [
        shift(person, came, rest, [key, clock(came), clock(begins)], [key, clock(back), clock(goes)])
        for person, key in (("he", "2"), ("lin", "3"))
    ]
    late = now - timedelta(minutes=20)
    shifts.append(shift("gao", late, [], ["1", clock(late), clock(goes)]))
    with house.turns.of("central") as connection:
        roster = {"zone": str(hall.plan.hours.zone), "shifts": shifts, "people": []}
        rosters.keep(connection, "central", monday_of(day), now, roster)
    house.engine.dispose()


def breaks_of(folder: Path, now: datetime) -> set[str]:
    house = a_house(folder / "data", config=folder / "config")
    hall = house.hall("central")
    with house.engine.connect() as connection:
        kept = rosters.read(connection, "central", monday_of(hall.plan.hours.day_of(now)))
    house.engine.dispose()
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
            keep(page, album, f"{name}-{language}-{width}", whole=True)
            wrong += complaints(page)
    return wrong


def test_who_is_missed_is_told_and_an_accepted_break_moves(
    visitors: Visitors, house: str, folder: Path, album: Path
) -> None:
    with closing(Desk(house)) as hall:
        page = visitors.sign_in("/dashboard/central", CONSOLE, "manager")
        hall.open("2", "3")
        for _ in range(12):
            hall.take("bills")
        now = datetime.fromisoformat(hall.floor()["at"]).astimezone(UTC)
        keep_roster(folder, now)
        advice = page.locator(".task", has_text="推迟到")
        for _ in range(6):
            # the queue and the clock move on beside: what is not yet seen at one look is at the next
            hall.ask_for_advice()
            page.wait_for_timeout(1500)
            if advice.count():
                break
        expect(advice).to_have_count(1)
        expect(page.locator(".task", has_text="1号窗口按排班")).to_contain_text("现在没有人在岗")
        wrong = looked_at(page, album, "break")
        expect(page.locator(".task", has_text="Counter 1 should be open since")).to_be_visible()
        advice = page.locator(".task", has_text="Start the break")
        was, to = re.findall(r"\d\d:\d\d", advice.inner_text())[1::-1]
        counter = re.search(r"Counter (\d)", advice.inner_text())[1]
        advice.get_by_role("button", name="Accept").click()
        expect(page.locator(".toast").first).to_be_visible()
        keep(page, album, "break-accepted-en")
        assert breaks_of(folder, now) == {was, to}
        console = visitors(f"/sign-in/central?lang=en&counter={counter}", CONSOLE, "en")
        expect(console.locator(".place", has_text=f"start your break at {to} instead of {was}")).to_be_visible()
        hall.open("1")
        expect(page.locator(".task", has_text="Counter 1 should be open since")).to_have_count(0)
        unfold(page)
        row = page.locator(".advice-row", has_text=f"Start the break at Counter {counter}")
        for key in ("1", "2", "3"):
            hall.does(key, "call-next")
            hall.does(key, "arrived")
        expect(row.filter(has_text="Done")).to_be_visible(timeout=60_000)
        hall.does("2", "finish")
        hall.does("2", "call-next")
        expect(row.filter(has_text="Measured:")).to_be_visible(timeout=60_000)
        wrong += looked_at(page, album, "break-measured")
        assert wrong == []
