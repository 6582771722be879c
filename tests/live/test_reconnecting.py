"""A hundred screens with random disconnections while the hall changes: in the end all show the current snapshot."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from hallflow.domain.refusals import Refused
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.live.drawer import MOVING, _seen
from hallflow.operations.floor import calling, serving
from tests.live.screen import PATIENCE_SECONDS, Picture, Screen
from tests.makers import open_all, take

SCREENS, ROUNDS = 100, 6
KINDS = ("wall", "kiosk", "window:1", "window:2")


class Fickle:
    """A screen whose line breaks now and then."""

    def __init__(self, open_screen, kind: str) -> None:
        self.kind = kind
        self._open = open_screen
        self.first: Picture = {}
        self.screen: Screen | None = None

    def call(self) -> None:
        """Connect, and show what the answer says."""
        self.screen = self._open()
        self.first = self.screen.watch(self.kind)

    def drop(self) -> None:
        if self.screen is not None:
            self.screen.close()
            self.screen = None

    @property
    def shown(self) -> Picture:
        """As the page has it: the newest of this connection, never an older one after it."""
        shown = self.first
        for picture in list(self.screen.pictures) if self.screen else ():
            if picture["screen"] == self.kind and picture["seq"] >= shown["seq"]:
                shown = picture
        return shown


def plain(picture: Picture) -> Picture:
    return {key: _seen(value) for key, value in picture.items() if key not in MOVING}


def test_a_hundred_screens_that_drop_and_return_end_like_a_fresh_one(screens, demo_house: House) -> None:
    hall, choose = demo_house.hall("central"), random.Random(3)
    open_all(hall)
    fickle = [Fickle(screens, KINDS[n % len(KINDS)]) for n in range(SCREENS)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(Fickle.call, fickle))
        for _ in range(ROUNDS):
            gone = choose.sample(fickle, SCREENS // 5)
            dropping = [pool.submit(one.drop) for one in gone]
            something_happens(hall, choose)
            for done in dropping:
                done.result()
            calling_again = [pool.submit(one.call) for one in gone]
            something_happens(hall, choose)
            for done in calling_again:
                done.result()
    wanted = {kind: fresh(screens, kind) for kind in KINDS}
    until = time.monotonic() + PATIENCE_SECONDS
    while any(plain(one.shown) != wanted[one.kind] for one in fickle) and time.monotonic() < until:
        time.sleep(0.05)
    for one in fickle:
        assert plain(one.shown) == wanted[one.kind], one.kind
        assert one.screen is not None
        seqs = [picture["seq"] for picture in one.screen.pictures]
        assert seqs == sorted(seqs), "a picture came after a later one"


def something_happens(hall: Hall, choose: random.Random) -> None:
    """A few customers come, are called, and go."""
    for _ in range(8):
        take(hall, choose.choice(("bills", "sim", "plan_change")))
        counter = choose.choice("12345678")
        for verb in choose.choice(((calling.call_next,), (calling.call_next, calling.arrived), (serving.finish,))):
            try:
                verb(hall, counter)
            except Refused:
                break
        time.sleep(0.01)


def fresh(screens, kind: str) -> Picture:
    return plain(screens().watch(kind))
