"""`hallflow log verify` detects every change, and `hallflow log explain` prints a ticket's audit trail."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update

from hallflow.config import load
from hallflow.domain.plan import Plan
from hallflow.hall import Hall
from hallflow.operations.floor import calling, serving, ticketing
from hallflow.operations.log.explaining import explain_ticket
from hallflow.snapshots.explained import explained
from hallflow.storage import schema, tables
from hallflow.storage.log import ledger
from hallflow.storage.log.ledger import IssuedTicket
from tests.cli.conftest import hallflow
from tests.makers import DAY, SAMPLES, FakeClock, a_hall, a_visit, take
from tests.played import next_day, play

E, T, C, H = (table.c for table in (tables.events, tables.tickets, tables.counters, tables.halls))


def verified(*more: str) -> tuple[int, dict[str, Any]]:
    code, said = hallflow("log", "verify", "--json", *more)
    return code, json.loads(said)


def seq_of(connection: Connection, kind: str) -> int:
    """The entry in the middle of those of this kind."""
    seqs = list(connection.execute(select(E.seq).where(E.kind == kind).order_by(E.seq)).scalars())
    return int(seqs[len(seqs) // 2])


def change_data(connection: Connection, seq: int, **facts: Any) -> None:
    data = connection.execute(select(E.data).where(E.seq == seq)).scalar_one()
    connection.execute(update(tables.events).where(E.seq == seq).values(data=data | facts))


def change_body(connection: Connection, number: str, **facts: Any) -> None:
    body = connection.execute(select(T.body).where(T.number == number)).scalar_one()
    connection.execute(update(tables.tickets).where(T.number == number).values(body=body | facts))


def some_ticket(connection: Connection, state: str = "served") -> str:
    return str(connection.execute(select(func.min(T.number)).where(T.state == state)).scalar_one())


def swap(connection: Connection, first: int) -> None:
    for was, now in ((first, 9999), (first + 1, first), (9999, first + 1)):
        connection.execute(update(tables.events).where(E.seq == was).values(seq=now))


def add_ticket(connection: Connection) -> None:
    row = connection.execute(select(tables.tickets).limit(1)).mappings().one()
    connection.execute(insert(tables.tickets), dict(row) | {"number": "Z999", "token": "z", "visit": a_visit()})


# ---- each way to tamper: does it to the entry or row it names, and gives the seq and the words that must be found ----


def data_changed(connection: Connection) -> tuple[int, str]:
    change_data(connection, seq := seq_of(connection, "issued"), tier="gold", language="en")
    return seq, "does not fit"


def counter_changed(connection: Connection) -> tuple[int, str]:
    connection.execute(update(tables.events).where(E.seq == (seq := seq_of(connection, "arrived"))).values(counter="9"))
    return seq, "does not fit"


def ticket_of_an_entry_changed(connection: Connection) -> tuple[int, str]:
    connection.execute(
        update(tables.events).where(E.seq == (seq := seq_of(connection, "called"))).values(ticket="A900")
    )
    return seq, "does not fit"


def kind_changed(connection: Connection) -> tuple[int, str]:
    connection.execute(
        update(tables.events).where(E.seq == (seq := seq_of(connection, "finished"))).values(kind="parked")
    )
    return seq, "does not fit"


def moment_changed(connection: Connection) -> tuple[int, str]:
    at = connection.execute(select(E.at).where(E.seq == (seq := seq_of(connection, "called")))).scalar_one()
    changed = update(tables.events).where(E.seq == seq).values(at=at - timedelta(microseconds=1))
    connection.execute(changed)
    return seq, "does not fit"


def hash_changed(connection: Connection) -> tuple[int, str]:
    connection.execute(
        update(tables.events).where(E.seq == (seq := seq_of(connection, "called"))).values(hash="f" * 64)
    )
    return seq, "does not fit"


def entry_deleted(connection: Connection) -> tuple[int, str]:
    connection.execute(delete(tables.events).where(E.seq == (seq := seq_of(connection, "called"))))
    return seq, "the entry is missing"


def first_deleted(connection: Connection) -> tuple[int, str]:
    connection.execute(delete(tables.events).where(E.seq == 1))
    return 1, "the entry is missing"


def several_deleted(connection: Connection) -> tuple[int, str]:
    connection.execute(delete(tables.events).where(E.seq.between(seq := seq_of(connection, "called"), seq + 3)))
    return seq, f"the entries {seq} to {seq + 3} are missing"


def last_deleted(connection: Connection) -> tuple[int, str]:
    last = connection.execute(select(func.max(E.seq))).scalar_one()
    connection.execute(delete(tables.events).where(E.seq == last))
    return last, f"the log ends at {last - 1}, and its head says {last}"


def one_added(connection: Connection) -> tuple[int, str]:
    last = connection.execute(select(tables.events).order_by(E.seq.desc()).limit(1)).mappings().one()
    connection.execute(insert(tables.events), dict(last) | {"seq": last["seq"] + 1})
    return last["seq"] + 1, "does not fit"


def one_before_the_first(connection: Connection) -> tuple[int, str]:
    last = connection.execute(select(tables.events).order_by(E.seq.desc()).limit(1)).mappings().one()
    connection.execute(insert(tables.events), dict(last) | {"seq": 0})
    return 0, "no log has an entry of this number"


def entries_swapped(connection: Connection) -> tuple[int, str]:
    swap(connection, seq := seq_of(connection, "called"))
    return seq, "does not fit"


def head_changed(connection: Connection) -> tuple[int, str]:
    connection.execute(update(tables.halls).values(hash="0" * 64))
    return connection.execute(select(H.seq)).scalar_one(), "does not carry the last entry's hash"


def head_deleted(connection: Connection) -> tuple[int, str]:
    connection.execute(delete(tables.halls))
    return connection.execute(select(func.max(E.seq))).scalar_one(), "has no head"


def state_of_a_ticket(connection: Connection) -> tuple[int, str]:
    number = some_ticket(connection)
    connection.execute(update(tables.tickets).where(T.number == number).values(state="left"))
    return last_of(
        connection, number
    ), f"ticket {number} of {DAY} is another than in the log: state is 'left', the log gives 'served'"


def service_column_of_a_ticket(connection: Connection) -> tuple[int, str]:
    number = some_ticket(connection)
    connection.execute(update(tables.tickets).where(T.number == number).values(service="x"))
    return last_of(connection, number), "service is 'x', the log gives"


def promise_of_a_ticket(connection: Connection) -> tuple[int, str]:
    change_body(connection, number := some_ticket(connection), promise=[1, 2, 3])
    return last_of(connection, number), "promise is (1, 2, 3), the log gives"


def stars_of_a_ticket(connection: Connection) -> tuple[int, str]:
    rated = select(E.ticket).where(E.kind == "rated")
    number = connection.execute(
        select(func.min(T.number)).where(T.state == "served", T.number.not_in(rated))
    ).scalar_one()
    change_body(connection, number, stars=1)
    return connection.execute(
        select(H.seq)
    ).scalar_one(), f"ticket {number} of {DAY} has 1 stars that the log does not tell of"


def ticket_deleted(connection: Connection) -> tuple[int, str]:
    connection.execute(delete(tables.tickets).where(T.number == (number := some_ticket(connection))))
    return last_of(connection, number), f"ticket {number} of {DAY} is in the log, and not among the tickets"


def ticket_added(connection: Connection) -> tuple[int, str]:
    add_ticket(connection)
    return connection.execute(
        select(H.seq)
    ).scalar_one(), f"ticket Z999 of {DAY} is among the tickets, and not in the log"


def ticket_of_another_day(connection: Connection) -> tuple[int, str]:
    add_ticket(connection)
    connection.execute(update(tables.tickets).where(T.number == "Z999").values(day=DAY - timedelta(days=9)))
    return connection.execute(select(H.seq)).scalar_one(), f"there are tickets of {DAY - timedelta(days=9)}"


def counter_row(connection: Connection) -> tuple[int, str]:
    connection.execute(update(tables.counters).where(C.key == "2").values(clerk="nobody"))
    return connection.execute(select(H.seq)).scalar_one(), "counter 2 is another than in the log: clerk is 'nobody'"


def counter_deleted(connection: Connection) -> tuple[int, str]:
    connection.execute(delete(tables.counters).where(C.key == "2"))
    return connection.execute(select(H.seq)).scalar_one(), "counter 2 is in the log, and not in the table"


def last_of(connection: Connection, number: str) -> int:
    return int(connection.execute(select(func.max(E.seq)).where(E.ticket == number)).scalar_one())


TAMPERED: list[Callable[[Connection], tuple[int, str]]] = [
    *(data_changed, counter_changed, ticket_of_an_entry_changed, kind_changed, moment_changed, hash_changed),
    *(entry_deleted, first_deleted, several_deleted, last_deleted, one_added, one_before_the_first, entries_swapped),
    *(head_changed, head_deleted, state_of_a_ticket, service_column_of_a_ticket, promise_of_a_ticket),
    *(stars_of_a_ticket, ticket_deleted, ticket_added, ticket_of_another_day, counter_row, counter_deleted),
]


def test_every_kind_of_tampering_is_found_where_it_was_done(database: Engine, plan: Plan) -> None:
    play(a_hall(database, plan, clock := FakeClock()), clock)
    code, told = verified()
    assert (code, told["ok"]) == (0, True)
    kept = {table: [dict(row) for row in rows(database, table)] for table in schema.metadata.sorted_tables}
    for tamper in TAMPERED:
        with database.begin() as connection:
            seq, what = tamper(connection)
        code, told = verified()
        (hall,) = told["halls"]
        first = hall["flaws"][0]
        assert (code, told["ok"], first["seq"], what in first["what"]) == (1, False, seq, True), (
            tamper.__name__,
            first,
        )
        put_back(database, kept)
    assert verified()[0] == 0


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(table)).mappings())


def put_back(engine: Engine, kept: dict[Any, list[dict[str, Any]]]) -> None:
    with engine.begin() as connection:
        for table, found in kept.items():
            connection.execute(delete(table))
            if found:
                connection.execute(insert(table), found)


def test_what_was_found_is_said_in_sentences(database: Engine, plan: Plan) -> None:
    play(a_hall(database, plan, clock := FakeClock()), clock, 30)
    code, said = hallflow("log", "verify")
    assert code == 0
    assert said.startswith("central: whole. ")
    with database.begin() as connection:
        seq, _ = data_changed(connection)
        last = connection.execute(select(H.seq)).scalar_one()
    code, said = hallflow("log", "verify", "--hall", "central")
    assert code == 1
    assert "central: NOT AS IT WAS WRITTEN." in said
    assert f"  entry {seq}: its hash does not fit what it says and the entry before it\n" in said
    assert f"{last - seq} entries follow the first.\n" in said


def test_an_entry_that_cannot_be_read_is_named(database: Engine, plan: Plan) -> None:
    play(a_hall(database, plan, clock := FakeClock()), clock, 30)
    # PostgreSQL takes no broken JSON, but any other
    broken = ("{", "the entry cannot be read") if database.dialect.name == "sqlite" else ("[]", "its hash does not fit")
    with database.begin() as connection:
        connection.execute(text("UPDATE events SET data = :data WHERE seq = 20"), {"data": broken[0]})
    code, told = verified()
    first = told["halls"][0]["flaws"][0]
    assert (code, first["seq"]) == (1, 20)
    assert first["what"].startswith(broken[1])
    code, said = hallflow("log", "explain", "A001", "--hall", "central", "--lang", "en")
    assert code == 1
    assert "cannot be replayed on 2026-03-04: `hallflow log verify` says what is wrong with it." in said


def test_days_on_end_are_whole_and_forgotten_ones_are_told(database: Engine, plan: Plan) -> None:
    hall = a_hall(database, plan, clock := FakeClock())
    held = take(hall, "bills")
    calling.start(hall, "1", held.ticket.number)
    serving.finish(hall, "1")
    play(hall, clock, 30)
    next_day(hall, clock)
    # rated the day after: the row of the first day changes by an entry of the second
    ticketing.rate(hall, held, 4)
    play(hall, clock, 30, seed=2)
    next_day(hall, clock)
    play(hall, clock, 10, seed=3)
    code, told = verified()
    (found,) = told["halls"]
    assert (code, found["days"], found["days_forgotten"], found["flaws"]) == (0, 3, 0, [])
    with database.begin() as connection:
        connection.execute(delete(tables.tickets).where(T.day == DAY))
    code, told = verified()
    assert (code, told["halls"][0]["days_forgotten"]) == (0, 1)
    with database.begin() as connection:
        connection.execute(delete(tables.tickets).where(T.day == DAY + timedelta(days=2)))
    assert verified()[0] == 1


def test_a_rating_taken_away_is_found_on_the_day_it_was_given(database: Engine, plan: Plan) -> None:
    hall = a_hall(database, plan, clock := FakeClock())
    held = take(hall, "bills")
    calling.start(hall, "1", held.ticket.number)
    serving.finish(hall, "1")
    next_day(hall, clock)
    ticketing.rate(hall, held, 2)
    with database.begin() as connection:
        change_body(connection, held.ticket.number, stars=5)
    code, told = verified()
    assert (code, told["halls"][0]["flaws"][0]["what"]) == (
        1,
        f"ticket {held.ticket.number} of {DAY} is another than in the log: stars is 5, the log gives 2",
    )


def test_an_unknown_hall_and_an_empty_log_are_said(database: Engine) -> None:
    code, said = hallflow("log", "verify", "--hall", "moon")
    assert code == 2
    assert "there is no hall 'moon'" in said
    assert hallflow("log", "verify") == (0, "There is no log yet.\n")


# ---- explain ----

STORY = """\
A001  central  2026-03-04
10:00:00  Number taken for Bills and payments; shown a wait of 0 to 1 min, most likely 0
10:36:00  Called to Counter 1. Waited 36 min, past the limit of 30: before anybody else
          Waited 36 min; the goal of 20 min was missed by 16 min; the limit of 30 min was passed by 6 min; \
later than promised: 0 to 1 min, 35 min over
          Called first of those who stood behind: 1 (at most 12 may be): A002 at 10:06 to Counter 1
          Checked: decided again from the log, it is the same customer for the same reason
10:37:00  Did not come to Counter 1: marked as missed by the clerk
10:38:00  Came back when 0 others had been called; waits again
10:38:00  Called to Counter 2. Chosen by the clerk; waited 38 min
          Waited 38 min; the goal of 20 min was missed by 18 min; the limit of 30 min was passed by 8 min
          Nobody who stood behind was called first (at most 12 may be)
          Called by name, and it was this customer's turn anyway. Checked: nobody who waited longer was at the bound
10:38:00  Arrived at Counter 2; service begins
10:41:00  Bills and payments is done; the visit is over
03-05 10:41:00  Rated the visit: 5 of 5

Checked with the counters' services of that moment, as the log has them, and with today's tiers and rules, \
which the log does not keep.
"""


def a_story(hall: Hall, clock: FakeClock) -> IssuedTicket:
    """A001 is overtaken by a gold customer, called, missed, back, called by name, sent on, and rates it the day after."""
    held = take(hall, "bills")
    clock.forward(4)
    gold = take(hall, "bills", card="8812")
    clock.forward(2)
    called = calling.call_next(hall, "1")
    assert called.number == gold.ticket.number
    calling.arrived(hall, "1")
    clock.forward(30)
    serving.finish(hall, "1")
    assert calling.call_next(hall, "1").number == held.ticket.number
    clock.forward(1)
    calling.miss(hall, "1")
    clock.forward(1)
    ticketing.come_late(hall, held)
    calling.call(hall, "2", held.ticket.number)
    calling.arrived(hall, "2")
    clock.forward(3)
    serving.finish(hall, "2")
    next_day(hall, clock)
    ticketing.rate(hall, held, 5)
    return held


def test_a_ticket_s_story_is_told_in_both_languages(database: Engine, plan: Plan) -> None:
    hall = a_hall(database, plan, clock := FakeClock())
    number = a_story(hall, clock).ticket.number
    asked = ("log", "explain", number.lower(), "--day", str(DAY))
    assert hallflow(*asked, "--lang", "en") == (0, STORY)
    code, said = hallflow(*asked)
    assert code == 0
    assert "10:36:00  叫到1号窗口。已等 36 分钟，超过 30 分钟上限，最先叫\n" in said
    assert "          有 1 位排在后面的客户先被叫（最多允许 12 位）：A002（10:06 到1号窗口）\n" in said
    assert "          复核：按日志重新判定，叫的是同一位客户，理由相同\n" in said


def test_programs_get_a_story_with_its_figures(database: Engine, plan: Plan) -> None:
    hall = a_hall(database, plan, clock := FakeClock())
    a_story(hall, clock)
    code, said = hallflow("log", "explain", "A001", "--day", str(DAY), "--hall", "central", "--json", "--lang", "en")
    told = json.loads(said)
    first, by_name = (entry for entry in told["entries"] if entry["kind"] == "called")
    assert (code, told["state"], told["zone"]) == (0, "served", "Asia/Shanghai")
    assert (first["check"]["verdict"], by_name["check"]["verdict"]) == ("same", "by_name")
    assert first["wait"] | {"text": ""} == {
        "text": "",
        "minutes": 36.0,
        "goal_minutes": 20,
        "goal_kept": False,
        "guard_minutes": 30,
        "guard_kept": False,
        "promise": [0, 0, 1],
        "promise_kept": False,
    }
    assert first["overtaken"]["by"] == [{"number": "A002", "counter": "1", "at": "2026-03-04T02:06:00+00:00"}]


def test_every_story_of_lively_days_can_be_told_and_every_call_was_right(database: Engine, plan: Plan) -> None:
    hall = a_hall(database, plan, clock := FakeClock())
    held = play(hall, clock, 120)
    next_day(hall, clock)
    play(hall, clock, 10)
    texts, verdicts = load(SAMPLES).texts, set()
    with database.connect() as connection:
        for one in held:
            story = explain_ticket(connection, plan, one.ticket.number, DAY)
            row = ledger.held_by_token(connection, one.token)
            assert row
            assert story.ticket == row.ticket
            for lang in ("zh", "en"):
                assert len(explained(story, plan, texts, lang)["entries"]) == len(story.entries)
            verdicts |= {entry.check.verdict for entry in story.entries if entry.check}
    assert verdicts == {"same", "by_name"}


def test_a_number_that_was_not_given_out_is_said(database: Engine, plan: Plan) -> None:
    code, said = hallflow("log", "explain", "A001", "--hall", "central", "--lang", "en")
    assert (code, said) == (1, "Error: City Centre Hall has no log yet.\n")
    hall = a_hall(database, plan)
    take(hall, "bills")
    asked = ("log", "explain", "A002", "--hall", "central", "--lang", "en")
    code, said = hallflow(*asked)
    assert (code, said) == (
        1,
        "Error: A002 was not given out in City Centre Hall on 2026-03-04; --day names another day.\n",
    )
    assert hallflow(*asked, "--day", "2026-03-02")[1] == "Error: The log of City Centre Hall has no day 2026-03-02.\n"


def test_a_number_of_two_halls_asks_which(database: Engine, plan: Plan) -> None:
    for one in (plan, load(SAMPLES).plans["county"]):
        take(a_hall(database, one), "bills")
    code, said = hallflow("log", "explain", "A001", "--lang", "en")
    assert (code, said) == (1, "Error: A001 was given out in central, county: --hall says which is meant.\n")
    assert hallflow("log", "explain", "A001", "--hall", "county")[0] == 0
