"""Random days through the hall's operations, reproducible by their seed."""

import random
from contextlib import suppress

from hallflow.domain.refusals import Refused
from hallflow.hall import Hall
from hallflow.operations.floor import calling, days, serving, ticketing
from hallflow.storage.log.ledger import IssuedTicket
from tests.makers import FakeClock, open_all, take

CARDS = (None, None, "8812", "6612")


def play(hall: Hall, clock: FakeClock, steps: int = 80, seed: int = 1) -> list[IssuedTicket]:
    """Customers come and clerks serve, at random; everybody who took a number."""
    luck, held = random.Random(seed), list[IssuedTicket]()
    for _ in range(steps):
        clock.forward(luck.random() * 3)
        key = luck.choice(list(hall.floor.counters)[:4])
        with suppress(Refused):
            held.append(arrival(hall, luck))
        with suppress(Refused):
            counter_act(hall, key, luck)
        with suppress(Refused):
            whim(hall, held, luck)
    return held


def next_day(hall: Hall, clock: FakeClock) -> None:
    """Tomorrow at the same hour, with every counter open."""
    clock.forward(days=1)
    days.begin_day(hall)
    open_all(hall)


def arrival(hall: Hall, luck: random.Random) -> IssuedTicket:
    offered = [key for key in hall.plan.services if hall.plan.counters_for(key)]
    return take(hall, luck.choice(offered[:3]), card=luck.choice(CARDS))


def counter_act(hall: Hall, key: str, luck: random.Random) -> object:
    counter = hall.floor.counters[key]
    if counter.ticket is None:
        waiting = [t.number for t in hall.floor.waiting() if t.service in counter.services]
        if waiting and luck.random() < 0.2:
            return calling.call(hall, key, luck.choice(waiting))
        if luck.random() < 0.05:
            return serving.walk_in(hall, key, counter.services[0])
        return calling.call_next(hall, key)
    if hall.floor.tickets[counter.ticket].state == "called":
        return luck.choice([calling.arrived] * 6 + [calling.recall, calling.miss, calling.requeue])(hall, key)
    return luck.choice([serving.finish] * 6 + [serving.park, sent_on])(hall, key)


def sent_on(hall: Hall, key: str) -> object:
    return serving.transfer(hall, key, to_counter=next(k for k in hall.floor.counters if k != key))


def whim(hall: Hall, held: list[IssuedTicket], luck: random.Random) -> object:
    somebody = luck.choice(held) if held else None
    if somebody is None or luck.random() < 0.7:
        return None
    if somebody.ticket.number in hall.floor.tickets:
        return luck.choice([ticketing.defer, ticketing.come_late])(hall, somebody)
    return ticketing.rate(hall, somebody, luck.randint(1, 5))
