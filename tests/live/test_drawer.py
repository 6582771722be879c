"""The coalescing publisher: no subscriber is left with an old snapshot."""

import threading
import time
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from hallflow.hall import Hall
from hallflow.house import House
from hallflow.live.drawer import Drawer
from hallflow.operations.floor import calling, counters, serving, ticketing
from tests.live.screen import PATIENCE_SECONDS
from tests.makers import open_all, take


class Sent:
    """What a drawer has sent, by screen."""

    def __init__(self) -> None:
        self.pictures: list[tuple[str, dict]] = []
        self.deaf = False

    def __call__(self, hall: str, screen: str, picture: dict) -> None:
        self.pictures.append((screen, picture))
        if self.deaf and screen == "wall":
            raise ConnectionError("the wall is deaf")

    def wait_until(self, seq: int, seconds: float = PATIENCE_SECONDS) -> None:
        """Until a picture of this seq has been sent."""
        until = time.monotonic() + seconds
        while not (self.pictures and self.pictures[-1][1]["seq"] == seq):
            assert time.monotonic() < until, f"no picture of seq {seq} was sent"
            time.sleep(0.01)

    def wait_for(self, count: int, seconds: float = PATIENCE_SECONDS) -> None:
        until = time.monotonic() + seconds
        while len(self.pictures) < count and time.monotonic() < until:
            time.sleep(0.01)


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def drawer(demo_house: House, sent: Sent) -> Iterator[Drawer]:
    drawing = Drawer(demo_house, sent)
    yield drawing
    drawing.stop()


@pytest.fixture
def watched_hall(demo_house: House, drawer: Drawer) -> Hall:
    found = demo_house.hall("central")
    found.on_change = drawer.tell
    return found


def test_a_newcomer_is_not_left_with_a_picture_between_two_alike(
    watched_hall: Hall, drawer: Drawer, sent: Sent
) -> None:
    """One waits, nobody waits, one waits: who begins to watch in between must hear of the last, though the others saw it."""
    drawer.watch(watched_hall, "wall", "first")
    held = take(watched_hall)
    sent.wait_for(1)
    assert sent.pictures[-1][1]["waiting"] == 1
    watched_hall.on_change = lambda _: None
    ticketing.leave(watched_hall, held)
    assert drawer.watch(watched_hall, "wall", "second")["waiting"] == 0
    watched_hall.on_change = drawer.tell
    take(watched_hall)
    sent.wait_until(watched_hall.floor.seq)
    assert sent.pictures[-1][1]["waiting"] == 1


def test_a_deaf_screen_undoes_nothing_and_silences_nobody(watched_hall: Hall, drawer: Drawer, sent: Sent) -> None:
    sent.deaf = True
    drawer.watch(watched_hall, "wall", "w")
    drawer.watch(watched_hall, "kiosk", "k")
    with capture_logs() as logged:
        take(watched_hall)
        sent.wait_for(2)
    assert [(entry["event"], entry["screen"]) for entry in logged] == [("screen_failed", "wall")]
    assert watched_hall.floor.waiting_count() == 1
    assert {screen for screen, _ in sent.pictures} == {"wall", "kiosk"}


def test_a_phone_left_open_overnight_troubles_nobody(watched_hall: Hall, drawer: Drawer, sent: Sent) -> None:
    held = take(watched_hall)
    drawer.watch(watched_hall, f"ticket:{held.token}", "phone")
    drawer.watch(watched_hall, "window:1", "window")
    watched_hall.clock.forward(hours=25)
    with capture_logs() as logged:
        take(watched_hall)
        counters.open_counter(watched_hall, "1", "wang")
        sent.wait_until(watched_hall.floor.seq)
    assert [screen for screen, _ in sent.pictures][-1] == "window:1"
    assert logged == []


def test_the_wall_is_drawn_first(watched_hall: Hall, drawer: Drawer, sent: Sent) -> None:
    for screen in ("kiosk", "dashboard", "window:1", "wall"):
        drawer.watch(watched_hall, screen, "s")
    take(watched_hall)
    sent.wait_for(3)
    assert sent.pictures[0][0] == "wall"


def test_whoever_is_called_hears_of_it_before_those_who_wait(watched_hall: Hall, drawer: Drawer, sent: Sent) -> None:
    counters.open_counter(watched_hall, "1", "wang")
    held = sorted((take(watched_hall) for _ in range(8)), key=lambda each: each.token)
    for each in held:
        drawer.watch(watched_hall, f"ticket:{each.token}", "s")
    drawer.watch(watched_hall, "window:1", "s")
    drawer.tell(watched_hall)
    sent.wait_for(9)
    # the last by the order of their names
    calling.call(watched_hall, "1", held[-1].ticket.number)
    sent.wait_for(11)
    assert [screen for screen, _ in sent.pictures[9:11]] == ["window:1", f"ticket:{held[-1].token}"]


def test_no_more_than_ten_a_second_reach_a_wall_however_often_people_are_called(
    watched_hall: Hall, drawer: Drawer, sent: Sent
) -> None:
    open_all(watched_hall)
    for _ in range(20):
        take(watched_hall)
    drawer.watch(watched_hall, "wall", "w")
    began = time.monotonic()
    for counter in [key for key, counter in watched_hall.floor.counters.items() if "bills" in counter.services] * 8:
        calling.call_next(watched_hall, counter)
        calling.arrived(watched_hall, counter)
        serving.finish(watched_hall, counter)
        take(watched_hall)
        time.sleep(0.03)
    sent.wait_until(watched_hall.floor.seq)
    seconds = time.monotonic() - began
    assert len(sent.pictures) <= 6 + 10 * seconds


def test_a_change_goes_on_at_once_however_slow_the_screens_are(demo_house: House, watched_hall: Hall) -> None:
    sending, heard, over = threading.Event(), threading.Event(), threading.Event()

    def send(*_: object) -> None:
        sending.set()
        heard.wait(PATIENCE_SECONDS)
        over.set()

    slow = Drawer(demo_house, send)
    watched_hall.on_change = slow.tell
    slow.watch(watched_hall, "wall", "w")
    for _ in range(5):
        take(watched_hall)
    assert sending.wait(PATIENCE_SECONDS)
    assert not over.is_set(), "whoever changed the hall waited for a screen"
    heard.set()
    slow.stop()
