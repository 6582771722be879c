"""The choice of the wait predictor: the twin, a model of the hall's own days, or a simple estimate."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from hallflow.domain.past.visit import Visit
from hallflow.domain.waits.baselines import CHOICES
from hallflow.foresight.waits.model import ENOUGH
from hallflow.hall import Hall
from hallflow.house import House
from hallflow.jobs import tasks
from hallflow.operations.floor import calling
from hallflow.operations.history.keeping import keep_closed_days
from hallflow.operations.outlook import drawing, predictor, training
from hallflow.storage.records import history, models
from tests.makers import FakeClock, a_house, open_all, take
from tests.played import next_day

TWIN = {"bills": {"gold": [2.0, 4.0, 7.0], "standard": [3.0, 6.0, 9.0]}, "sim": {"standard": None}}


def slow_days(hall: Hall, ago_first: int, each: int, ago_last: int = 1) -> list[tuple[object, Visit]]:
    """Days on which one counter calls somebody every six minutes or so, whatever the plan says."""
    luck, found = np.random.default_rng(ago_first), []
    for ago in range(ago_first, ago_last - 1, -1):
        day = hall.floor.day - timedelta(days=ago)
        begin = hall.clock.now() - timedelta(days=ago)
        free = 0.0
        for n, at in enumerate(np.sort(luck.uniform(0, 4.5 * each, each))):
            called = max(at, free)
            free = called + luck.gamma(8, 0.75)
            issued, began, ended = (begin + timedelta(minutes=float(m)) for m in (at, called, free))
            tier = ("gold", "standard")[n % 2]
            found.append((day, Visit(hall.key, f"A{n:03d}", "bills", tier, issued, began, ended, "1")))
    return found


def add(house: House, found: list[tuple[object, Visit]]) -> None:
    with house.turns.of("central") as connection:
        history.add_visits(connection, found)


def believing(hall: Hall, estimator: str) -> Hall:
    hall.plan = replace(hall.plan, rules=replace(hall.plan.rules, estimator=estimator))
    return hall


def test_a_model_of_an_older_program_is_left_alone_until_the_night_makes_it_anew(either_house: House) -> None:
    hall = either_house.hall("central")
    old = {"estimator": "corrected", "model": {"trees": [["tree"]]}, "waits": 5000, "trial": None, "believed": True}
    with either_house.turns.of("central") as connection:
        models.keep(connection, "central", either_house.clock.now(), old)
    assert predictor.foresee(either_house, hall, TWIN) == ("twin", TWIN)


def test_a_model_of_the_halls_own_days_corrects_the_next_waits(either_house: House, clock: FakeClock) -> None:
    hall = either_house.hall("central")
    assert predictor.foresee(either_house, hall, TWIN) == ("twin", TWIN), "there is no model yet"
    add(either_house, slow_days(hall, 9, 90))
    assert tasks.make_models(either_house) == 0, f"fewer than {ENOUGH} waits teach nothing"
    add(either_house, slow_days(hall, 14, 90, ago_last=10))
    assert tasks.make_models(either_house) == 1
    open_all(hall)
    for _ in range(8):
        take(hall)
    clock.forward(1)
    by, told = predictor.foresee(either_house, hall, TWIN)
    assert by == "corrected"
    assert told["sim"] == {"standard": None}
    low, likely, high = told["bills"]["standard"]
    assert 0 <= low < likely < high
    assert likely > 2 * TWIN["bills"]["standard"][1], "the hall's own days were far slower than the twin thinks"
    calling.call_next(hall, "1")
    clock.forward(1)
    assert predictor.foresee(either_house, hall, TWIN)[1]["bills"]["standard"] != told["bills"]["standard"]


def test_where_a_counter_is_free_the_twin_has_the_last_word(either_house: House) -> None:
    hall = either_house.hall("central")
    add(either_house, slow_days(hall, 14, 90))
    training.make_model(either_house, hall)
    free = {"bills": {"gold": [0.0, 0.0, 0.4]}}
    assert predictor.foresee(either_house, hall, free)[1] == free


@pytest.mark.parametrize("estimator", CHOICES)
def test_every_estimator_may_be_chosen_and_reaches_the_screens(
    tmp_path: Path, clock: FakeClock, estimator: str
) -> None:
    house = a_house(tmp_path, clock)
    hall = believing(house.hall("central"), estimator)
    add(house, slow_days(hall, 14, 90))
    open_all(hall)
    for _ in range(12):
        take(hall)
    assert training.make_model(house, hall) == (estimator != "twin")
    drawing.draw_outlooks(house)
    house.look_around()
    ranges = hall.outlook["ranges"]
    assert ranges["by"] == ("corrected" if estimator == "auto" else estimator)
    assert (ranges["foreseen"] == ranges["twin"]) == (estimator == "twin")
    for low, likely, high in (minutes for tiers in ranges["next"].values() for minutes in tiers.values() if minutes):
        assert 0 <= low <= likely <= high
    ticket = take(hall).ticket
    assert ticket.predicted == tuple(ranges["foreseen"]["bills"]["standard"])
    ahead, typical, *_, low, likely, high = ticket.baselines
    assert (ahead, typical is not None, (low, likely, high)) == (
        12,
        True,
        tuple(ranges["twin"]["bills"]["standard"]),
    ), "the simple ones and the twin stand beside whoever foresaw"


def test_the_twin_is_believed_again_where_it_was_nearer_on_the_halls_own_days(tmp_path: Path, clock: FakeClock) -> None:
    house = a_house(tmp_path, clock)
    hall = house.hall("central")
    visits = slow_days(hall, 14, 90)
    add(house, visits)
    with house.turns.of("central") as connection:
        for _, visit in visits:
            wait = (visit.called_at - visit.issued_at).total_seconds() / 60
            twin = {"twin_low": 0.9 * wait, "twin_likely": wait, "twin_high": 1.1 * wait + 1}
            connection.execute(
                history.visits.update()
                .where(history.visits.c.issued_at == visit.issued_at, history.visits.c.number == visit.number)
                .values(twin)
            )
    # a model that is told what the twin says can be as near; one that the twin alone beats is not believed
    training.make_model(house, hall)
    with house.engine.connect() as connection:
        _, data = models.read(connection, "central")
    trial = data["trial"]
    assert trial["waits"] >= training.WAITS_OF_A_TRIAL
    assert trial["mae_twin"] == 0
    assert trial["winkler_twin"] < trial["winkler"]
    assert data["believed"] is False
    assert predictor.foresee(house, hall, TWIN)[0] == "twin"
    training.make_model(house, believing(hall, "corrected"))
    assert predictor.foresee(house, hall, TWIN)[0] == "corrected", "who asks for the model has it"


def test_what_the_twin_said_stays_with_the_visit_and_teaches(either_house: House, clock: FakeClock) -> None:
    hall = either_house.hall("central")
    open_all(hall)
    for _ in range(3):
        take(hall)
    drawing.draw_outlooks(either_house)
    either_house.look_around()
    said = hall.outlook["ranges"]["twin"]["bills"]["standard"]
    held = take(hall)
    clock.forward(4)
    for _ in range(4):
        for counter in hall.floor.counters.values():
            if counter.ticket is None and hall.floor.waiting_count(counter.lines):
                calling.call_next(hall, counter.key)
    next_day(hall, clock)
    keep_closed_days(either_house.turns, hall)
    past = training.read_past(either_house, hall)
    known = {visit.key[1]: twin for visit, twin in zip(past.visits, past.twins, strict=True)}
    assert known[f"{held.ticket.number}/0"] == tuple(said)
    assert np.isnan(known["A001/0"]).all(), "before the first outlook nobody had been asked"


def test_those_who_wait_are_told_in_proportion(tmp_path: Path, clock: FakeClock) -> None:
    hall = a_house(tmp_path, clock).hall("central")
    open_all(hall)
    first, last = take(hall).ticket.number, take(hall).ticket.number
    twin, said = {"bills": {"standard": [4.0, 9.0, 14.0]}}, {"bills": {"standard": [9.0, 19.0, 29.0]}}
    told = predictor.carry_over({first: [0.0, 1.0, 2.0], last: [4.0, 9.0, 14.0]}, hall.floor, twin, said)
    assert told == {first: [1.0, 3.0, 5.0], last: [9.0, 19.0, 29.0]}
    assert predictor.carry_over({first: [0.0, 1.0, 2.0]}, hall.floor, twin, twin) == {first: [0.0, 1.0, 2.0]}


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "lightgbm":
            raise {fault}
sys.meta_path.insert(0, Missing())
from pathlib import Path
from hallflow.foresight.extras import learned_waits
from hallflow.jobs import tasks
from tests.makers import FakeClock, a_house, open_all, take
from tests.operations.outlook.test_predictor import add, slow_days
house = a_house(Path(sys.argv[1]), FakeClock())
hall = house.hall("central")
add(house, slow_days(hall, 14, 90))
open_all(hall)
for _ in range(6):
    take(hall)
assert not learned_waits()
assert tasks.run(house, tasks.TASKS["model"]) and tasks.run(house, tasks.TASKS["outlook"])
house.look_around()
assert "lightgbm" not in sys.modules
print(hall.outlook["ranges"]["by"], take(hall).ticket.promise is not None)
"""


@pytest.mark.parametrize(
    "fault", ["ModuleNotFoundError(name)", "OSError('libgomp.so.1: cannot open shared object file')"]
)
def test_without_lightgbm_the_worker_draws_ranges_by_the_twin(tmp_path: Path, fault: str) -> None:
    here = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.replace("{fault}", fault), str(tmp_path)],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[-2] == "twin True", done.stdout
