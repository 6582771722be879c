"""`hallflow history`: an import is all or nothing, and every rejected row is counted with its reason."""

import gzip
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from hallflow.cli.opening import open_office
from hallflow.storage.records import history
from tests.cli.offices import office, run, told
from tests.walks.warsaw import SAMPLE

__all__ = ["office"]

HEADER = "hall,number,service,tier,issued_at,called_at,ended_at,counter,outcome"
GOOD = "central,A001,bills,gold,2026-03-04T10:00:00+08:00,2026-03-04T10:05:00+08:00,2026-03-04T10:11:00+08:00,3,served"
AS_OURS = (
    *("--hall", "UD_Srodmiescie_1=central"),
    *(f"--service={theirs}={ours}" for theirs, ours in zip(
        ("200002", "200003", "200005", "200009", "200011", "200016"),
        ("bills", "plan_change", "sim", "broadband", "new_line", "device"), strict=True)),
)  # fmt: skip


def a_file(folder: Path, *rows: str, header: str = HEADER, name: str = "visits.csv") -> Path:
    path = folder / name
    text = "\n".join((header, *rows)) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def kept(hall: str = "central") -> int:
    with open_office().turns.engine.connect() as connection:
        return len(list(history.visits_between(connection, hall, date.min, date.max)))


@pytest.mark.parametrize("name", ["visits.csv", "visits.csv.gz"])
def test_a_log_comes_in_once_however_often_it_is_imported(office: Path, name: str) -> None:
    file = a_file(office, GOOD, GOOD.replace("A001", "A002"), name=name)
    assert told("history", "import", file)["visits"] | {"halls": None} == {
        "rows": 2, "new": 2, "known": 0, "refused": {}, "halls": None, "simulated_dropped": 0,
    }  # fmt: skip
    again = told("history", "import", file)["visits"]
    assert (again["new"], again["known"]) == (0, 2)
    assert kept() == 2


BAD = {
    "unknown hall moon": GOOD.replace("central", "moon"),
    "unknown service loans": GOOD.replace("bills", "loans"),
    "unknown tier p0": GOOD.replace("gold", "p0"),
    "number: missing, or longer than 16 letters": GOOD.replace("A001", ""),
    "issued_at: no moment": GOOD.replace("2026-03-04T10:00:00+08:00", ""),
    "issued_at: not a moment with its zone, such as 2026-03-04T10:15:00+08:00": GOOD.replace("10:00:00+08:00", "10:00:00"),
    "called_at: not a moment with its zone, such as 2026-03-04T10:15:00+08:00": GOOD.replace("2026-03-04T10:05:00+08:00", "soon"),
    "called before issue": GOOD.replace("10:05:00", "09:55:00"),
    "ended before call": GOOD.replace("10:11:00", "10:04:00"),
    "outcome: neither served, missed nor abandoned": GOOD.replace("served", "fine"),
    "not 9 columns": GOOD + ",more",
    "in the file twice": GOOD,
}  # fmt: skip


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_row_is_refused_with_its_reason_and_the_others_come_in(office: Path, reason: str) -> None:
    good = GOOD.replace("A001", "A009")
    file = a_file(office, GOOD, BAD[reason], BAD[reason], good)
    visits = told("history", "import", file)["visits"]
    assert visits["refused"] == {reason: {"count": 2, "line": 3, "example": BAD[reason].removesuffix(",more")}}
    assert (visits["rows"], visits["new"]) == (4, 2)
    assert kept() == 2


def test_every_reason_is_told_with_a_line_to_look_at(office: Path) -> None:
    said = run("history", "import", a_file(office, GOOD, *BAD.values())).output
    assert f"visits: {1 + len(BAD)} rows: 1 taken, {len(BAD)} refused" in said
    for reason, row in BAD.items():
        assert reason in said
        assert f"line {2 + 1 + list(BAD).index(reason)}: {row.removesuffix(',more')}" in said
    assert "--service THEIRS=OURS" in said


def test_other_names_are_given_by_hand(office: Path) -> None:
    row = GOOD.replace("central", "moon").replace("bills", "loans").replace("gold", "p0")
    names = ("--hall", "moon=county", "--service", "loans=sim", "--tier", "p0=silver")
    assert told("history", "import", a_file(office, row), *names)["visits"]["new"] == 1
    with open_office().turns.engine.connect() as connection:
        [visit] = history.visits_between(connection, "county", date.min, date.max)
    assert (visit.service, visit.tier, visit.number) == ("sim", "silver", "A001")
    wrong = run("history", "import", a_file(office, row), "--hall", "moon")
    assert wrong.exit_code == 2
    assert "THEIRS=OURS" in wrong.output


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (lambda f: a_file(f, header=HEADER.replace("issued_at,", "")), "no column 'issued_at'"),
        (lambda f: a_file(f, header=HEADER.replace("tier,issued_at,", "")), "no column 'tier', 'issued_at'"),
        (lambda f: empty(f), "no column 'hall'"),
        (lambda f: cut_short(f), "not a whole gzip file"),
        (lambda f: in_latin_1(f), "not text in UTF-8"),
    ],
    ids=["missing-column", "missing-columns", "empty", "half-a-gzip", "latin-1"],
)
def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing_behind(office: Path, spoiled, said: str) -> None:
    done = run("history", "import", spoiled(office))
    assert done.exit_code == 1
    assert said in done.output
    assert "Nothing of this file was imported" in done.output
    assert kept() == 0


def empty(folder: Path) -> Path:
    (folder / "visits.csv").touch()
    return folder / "visits.csv"


def cut_short(folder: Path) -> Path:
    many = [GOOD.replace("A001", f"A{n:03d}") for n in range(1, 5000)]
    file = a_file(folder, *many, name="visits.csv.gz")
    file.write_bytes(file.read_bytes()[:-40])
    return file


def in_latin_1(folder: Path) -> Path:
    many = [GOOD.replace("A001", f"A{n:03d}") for n in range(1, 5000)]
    file = a_file(folder, *many)
    file.write_bytes(file.read_bytes() + GOOD.replace("A001", "Ä001").encode("latin-1"))
    return file


def test_a_spreadsheets_mark_and_empty_lines_do_not_matter(office: Path) -> None:
    file = office / "visits.csv"
    file.write_text(f"\ufeff{HEADER}\r\n{GOOD}\r\n\r\n", encoding="utf-8", newline="")
    assert told("history", "import", file)["visits"]["new"] == 1


def test_nothing_but_refused_rows_is_a_failure(office: Path) -> None:
    assert run("history", "import", a_file(office, BAD["called before issue"])).exit_code == 1


def test_what_goes_out_comes_in_again_unchanged(office: Path) -> None:
    told("history", "import", SAMPLE / "visits.csv", *AS_OURS)
    out = office / "out.csv.gz"
    assert run("history", "export", "--hall", "central", out).output == f"347 visits of central in {out}\n"
    again = told("history", "import", out)["visits"]
    assert (again["rows"], again["new"], again["refused"]) == (347, 0, {})
    some = office / "some.csv"
    run("history", "export", "--hall", "central", "--from", "2020-01-11", some)
    assert some.read_text().splitlines() == [HEADER + ",arrived_at,prefilled,leg"]


def test_a_real_log_brings_its_open_counters_and_minutes_are_learned_from_both(office: Path) -> None:
    done = told("history", "import", SAMPLE / "visits.csv", "--counters", SAMPLE / "counters.csv", *AS_OURS)
    assert done["visits"]["new"] == 347
    assert done["counters"]["new"] == 660
    with open_office().turns.engine.connect() as connection:
        first = datetime.fromisoformat("2020-01-10T00:00:00+00:00")
        last = datetime.fromisoformat("2020-01-11T00:00:00+00:00")
        seen = list(history.readings_between(connection, "central", first, last))
    assert len(seen) == 660
    assert [at for _, at, _ in seen] == sorted(at for _, at, _ in seen)


def test_real_visits_drive_out_a_demos_made_up_ones(office: Path) -> None:
    told("history", "import", a_file(office, GOOD.replace("A001", "sim-A001"), GOOD.replace("A001", "sim-A002")))
    assert kept() == 2
    assert told("history", "import", a_file(office, GOOD))["visits"]["simulated_dropped"] == 2
    assert kept() == 1


def test_an_unknown_hall_is_named_with_those_there_are(office: Path) -> None:
    done = run("history", "export", "--hall", "moon", office / "out.csv")
    assert done.exit_code == 2
    assert "central, county" in done.output


def test_the_refusals_of_programs_name_line_and_row(office: Path) -> None:
    done = run("history", "import", a_file(office, BAD["ended before call"]), "--json")
    assert json.loads(done.stdout)["visits"]["refused"]["ended before call"]["line"] == 2


def test_what_the_halls_have_learned_is_told_and_the_plan_before_that(office: Path) -> None:
    before = {hall["hall"]: hall for hall in told("history", "learned")}
    assert before["central"]["learned_at"] is None
    assert before["central"]["services"]["bills"]["minutes"] == before["central"]["services"]["bills"]["planned"]
    rows = [GOOD.replace("A001", f"A{i:03}").replace("10:11:00", "10:25:00") for i in range(1, 200)]
    assert run("history", "import", a_file(office, *rows)).exit_code == 0
    assert run("work", "--once", "learn").exit_code == 0
    after = told("history", "learned", "--hall", "central")[0]
    assert after["learned_at"] is not None
    assert after["services"]["bills"]["visits"] == 199
    assert after["services"]["bills"]["minutes"] > 15
    shown = run("history", "learned", "--hall", "central").output
    assert "learned from 1 days" in shown
    assert "bills" in shown
