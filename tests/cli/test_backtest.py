"""`hallflow backtest waits`: a prediction of every visit without any later information, also from faulty logs."""

import csv
import json
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from hallflow.cli import main
from hallflow.foresight.waits.estimators import ESTIMATORS
from tests.walks.warsaw import SAMPLE

HEADER = ["hall", "number", "service", "tier", "issued_at", "called_at", "ended_at", "counter", "outcome"]


def run(*arguments: object) -> dict[str, object]:
    result = CliRunner().invoke(main, ["backtest", "waits", *map(str, arguments), "--json"])
    assert result.exit_code == 0, result.output
    said: dict[str, object] = json.loads(result.stdout)
    return said


def a_log(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys() if rows else HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def days(first: int, last: int, each: int = 260) -> list[dict[str, str]]:
    """Busy days of two halls: a queue with two tiers and two counters, with ends and people who leave."""
    rng, rows = np.random.default_rng(first), []
    for hall in ("north", "south"):
        for day in range(first, last + 1):
            start = datetime.fromisoformat(f"2026-03-{day:02d}T08:00:00+08:00").timestamp()
            free = [start, start]
            issued = start + np.sort(rng.uniform(0, 36000, each))
            for n, at in enumerate(issued):
                desk = int(np.argmin(free))
                called = max(at, free[desk])
                leaves = called - at > 1200 and rng.random() < 0.3
                end = at + 900 if leaves else called + rng.exponential(260) + 10
                if not leaves:
                    free[desk] = end
                rows.append(
                    dict(
                        zip(
                            HEADER,
                            (
                                hall, f"A{n:03d}", "bills", "gold" if n % 5 == 0 else "standard", stamp(at),
                                "" if leaves else stamp(called), stamp(end), "" if leaves else f"{desk}",
                                "abandoned" if leaves else "served",
                            ),
                            strict=True,
                        )
                    )
                )  # fmt: skip
    return rows


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), datetime.fromisoformat("2026-03-01T00:00:00+08:00").tzinfo).isoformat()


def readings(first: int, last: int) -> list[dict[str, str]]:
    return [
        {"hall": hall, "service": "bills", "at": f"2026-03-{day:02d}T{hour:02d}:{minute:02d}:00+08:00", "open": "2"}
        for hall in ("north", "south")
        for day in range(first, last + 1)
        for hour in range(8, 18)
        for minute in (0, 20, 40)
    ]


@pytest.mark.parametrize("minute", ["2026-03-08T09:31", "2026-03-08T13:05", "2026-03-09T10:40"])
def test_cutting_the_files_after_any_minute_changes_no_earlier_range(tmp_path: Path, minute: str) -> None:
    assert find_spec("lightgbm"), "the model that corrects takes part in this test"
    past = a_log(tmp_path / "h.csv", days(2, 6))
    seen = a_log(tmp_path / "hc.csv", readings(2, 6))
    test, counts = days(8, 9), readings(8, 9)
    said = run("--history", past, "--history-counters", seen, "--visits", a_log(tmp_path / "v.csv", test),
               "--counters", a_log(tmp_path / "c.csv", counts), "--out", tmp_path / "whole.csv")  # fmt: skip
    assert not [note for note in said["notes"] if "simpler model" in note]
    known = [dict(row) for row in test if row["issued_at"][:16] <= minute]
    for row in known:
        if row["called_at"][:16] > minute:
            row |= {"called_at": "", "ended_at": "", "counter": "", "outcome": "served"}
        if row["ended_at"][:16] > minute:
            row["ended_at"] = ""
    cut = a_log(tmp_path / "cut.csv", known)
    cut_counts = a_log(tmp_path / "cutc.csv", [row for row in counts if row["at"][:16] <= minute])
    run("--history", past, "--history-counters", seen, "--visits", cut, "--counters", cut_counts, "--out", tmp_path / "part.csv")  # fmt: skip
    whole = [line for line in (tmp_path / "whole.csv").read_text().splitlines() if line.split(",")[3][:16] <= minute]
    assert (tmp_path / "part.csv").read_text().splitlines()[1:] == whole
    assert len(whole) > 50


def test_the_ranges_hold_about_four_waits_in_five_and_the_model_is_nearer_than_people_by_minutes(
    tmp_path: Path,
) -> None:
    past, test = a_log(tmp_path / "h.csv", days(2, 6)), days(8, 9)
    visits = a_log(tmp_path / "v.csv", test)
    missed = {}
    for estimator in ("corrected", "les"):
        run("--history", past, "--visits", visits, "--out", tmp_path / "p.csv", "--estimator", estimator)
        waits, said = [], []
        for row, told in zip(test, read(tmp_path / "p.csv"), strict=True):
            assert (row["hall"], row["number"], row["issued_at"]) == (told["hall"], told["number"], told["issued_at"])
            if row["called_at"] > row["issued_at"]:
                at = (datetime.fromisoformat(row[name]) for name in ("issued_at", "called_at"))
                issued, called = at
                waits.append((called - issued).total_seconds() / 60)
                said.append([float(told[name]) for name in ("low", "likely", "high")])
        low, likely, high = np.array(said).T
        missed[estimator] = np.abs(likely - waits).mean()
        assert 0.7 < ((low <= waits) & (waits <= high)).mean() < 0.9
    assert missed["corrected"] < missed["les"]


@pytest.mark.parametrize("estimator", ["corrected", *ESTIMATORS])
def test_a_real_hall_is_foreseen_by_every_estimator_with_a_history_too_short_for_a_model(
    tmp_path: Path, estimator: str
) -> None:
    rows = sorted(read(SAMPLE / "visits.csv"), key=lambda row: row["issued_at"])
    past, test = a_log(tmp_path / "h.csv", rows[:200]), a_log(tmp_path / "v.csv", rows[200:])
    seen = SAMPLE / "counters.csv"
    said = run("--history", past, "--history-counters", seen, "--visits", test, "--out", tmp_path / "p.csv",
               "--estimator", estimator)  # fmt: skip
    assert said["predictions"] == len(rows) - 200
    simpler = [note for note in said["notes"] if "simpler model stood in" in note and "past visits" in note]
    assert len(simpler) == (estimator == "corrected")
    for row in read(tmp_path / "p.csv"):
        assert 0 <= float(row["low"]) <= float(row["likely"]) <= float(row["high"])


def test_faulty_rows_are_counted_by_reason_and_still_foreseen(tmp_path: Path) -> None:
    test = days(8, 8)[:200]
    bad = [dict(row) for row in test[100:108]]
    bad[0]["called_at"] = "2026-03-08T00:00:00+08:00"
    bad[1]["ended_at"] = "2026-03-08T00:00:00+08:00"
    bad[2]["issued_at"] = "yesterday"
    bad[3]["service"] = "loans"
    bad[4]["tier"] = "diamond"
    bad[5]["outcome"] = "fine"
    bad[6]["called_at"] = "soon"
    bad[7]["issued_at"] = bad[7]["issued_at"].replace("+08:00", "+09:00")
    test[100:108] = bad
    test[20], test[30] = test[30], test[20]
    test.append(dict(test[5]))
    counts = [*readings(8, 8)[:4], {"hall": "north", "service": "bills", "at": "", "open": "2"},
              {"hall": "north", "service": "bills", "at": "2026-03-08T15:00:00+08:00", "open": "-1"}]  # fmt: skip
    said = run("--history", a_log(tmp_path / "h.csv", days(2, 3)), "--visits", a_log(tmp_path / "v.csv", test),
               "--counters", a_log(tmp_path / "c.csv", counts), "--out", tmp_path / "p.csv")  # fmt: skip
    assert len(read(tmp_path / "p.csv")) == len(test) == said["predictions"]
    faults = {
        reason.split(":")[0].split(" since")[0]: found["count"]
        for reason, found in said["logs"]["visits"]["faults"].items()
    }
    assert faults == {
        "called before issue": 1,
        "ended before call": 1,
        "issued_at": 1,
        "called_at": 1,
        "outcome": 1,
        "out of order": faults["out of order"],
        "the clock changed": faults["the clock changed"],
        "in the file twice": 1,
    }
    assert faults["out of order"] >= 2
    assert sum(found["count"] for found in said["logs"]["counters"]["faults"].values()) == 2
    for part in ("services that the history", "tiers that the history", "without a readable issue"):
        assert [count for note, count in said["notes"].items() if part in note] == [1], part


def test_without_any_history_every_visit_still_has_a_range(tmp_path: Path) -> None:
    said = run("--history", a_log(tmp_path / "h.csv", []), "--visits", a_log(tmp_path / "v.csv", days(8, 8, 40)),
               "--out", tmp_path / "p.csv")  # fmt: skip
    assert said["predictions"] == len(read(tmp_path / "p.csv")) == 80
    assert [note for note in said["notes"] if "0 past visits" in note]


def test_a_file_that_is_no_log_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("a,b\n1,2\n")
    result = CliRunner().invoke(main, ["backtest", "waits", "--history", str(tmp_path / "v.csv"), "--visits",
                                       str(tmp_path / "v.csv"), "--out", str(tmp_path / "p.csv")])  # fmt: skip
    assert result.exit_code == 1
    assert "has no column" in result.output
    assert not (tmp_path / "p.csv").exists()


def test_the_scores_are_told_where_they_are_made(tmp_path: Path) -> None:
    past, visits = a_log(tmp_path / "h.csv", days(2, 5)), a_log(tmp_path / "v.csv", days(8, 8))
    asked = ("--history", past, "--visits", visits, "--out", tmp_path / "p.csv", "--score")
    scores = run(*asked)["scores"]
    assert scores["visits"] > 200
    assert scores["predictions"]["mae"] < scores["les"]["mae"]
    assert set(scores["predictions"]["per_tier"]) == {"gold", "standard"}
    told = CliRunner().invoke(main, ["backtest", "waits", *map(str, asked)]).output
    assert f"{scores['visits']:,} served visits with somebody ahead" in told
    assert f"{scores['predictions']['mae_ratio_to_les']:.3f}" in told
    nobody = run("--history", past, "--visits", a_log(tmp_path / "n.csv", []), "--out", tmp_path / "p.csv", "--score")
    assert nobody["scores"] == {"visits": 0}


def test_gaps_missing_counters_and_clock_changes_are_told_and_nobody_is_dropped(tmp_path: Path) -> None:
    test = [row for row in days(8, 8) if not "10:00" < row["issued_at"][11:16] < "14:00"]
    seen = [row for row in readings(8, 8) if row["hall"] == "north" and not "09:00" < row["at"][11:16] < "12:00"]
    for row in seen:
        row["waiting"] = "lots"
    said = run("--history", a_log(tmp_path / "h.csv", days(2, 3)), "--visits", a_log(tmp_path / "v.csv", test),
               "--counters", a_log(tmp_path / "c.csv", seen), "--out", tmp_path / "p.csv")  # fmt: skip
    south = sum(row["hall"] == "south" for row in test)
    notes = {note.split(":")[0]: count for note, count in said["notes"].items()}
    assert notes["visits of queues without readings"] == south
    assert notes["gaps of over 60 minutes between a queue's readings"] == 1
    assert notes["gaps of over 180 minutes within a hall's day without a visit"] == 2
    assert len(read(tmp_path / "p.csv")) == len(test)
