"""Backtest of the arrival forecast: no later information is used, and it beats the weekday's mean where days differ."""

import csv
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from bench.figures import Figures, put, write
from bench.methods.arrivals import measured
from hallflow.backtests.arrivals import backtest_arrivals
from hallflow.backtests.visit_log import Logged
from hallflow.cli import main

FIRST = date(2026, 3, 2)


def visits(day: date, n: int, rng: np.random.Generator, hall: str = "north") -> list[Logged]:
    start = datetime.combine(day, time(8), UTC).timestamp() / 60
    return [
        Logged((hall, str(i), ""), hall, "bills", "standard", start + at, 0.0, None, None, None, "served", joins=True)
        for i, at in enumerate(sorted(rng.uniform(0, 600, n)))
    ]


def a_log(busyness: float = 0.3, days: int = 15) -> list[Logged]:
    rng = np.random.default_rng(4)
    open_days = [d for d in (FIRST + timedelta(days=i) for i in range(2 * days)) if d.weekday() < 5][:days]
    return [v for day in open_days for v in visits(day, int(400 * max(1 + busyness * rng.standard_normal(), 0.2)), rng)]


def test_where_days_differ_the_morning_tells_more_than_the_weekday():
    (score,) = backtest_arrivals(a_log())
    assert len(score.days) == 12
    figures = score.of_known_weekdays().figures()
    assert figures["forecast"] < 0.6 * figures["weekday_means"]
    assert figures["quarters_within"] > 0.7


def test_no_day_is_foretold_from_what_came_later():
    log = a_log()
    (score,) = backtest_arrivals(log)
    day = score.days[5].day
    noon = datetime.combine(day, time(12), UTC).timestamp() / 60
    (without,) = backtest_arrivals(
        [v for v in log if v.issued < noon] + visits(day + timedelta(days=1), 900, np.random.default_rng(1))
    )
    (same,) = [told for told in without.days if told.day == day] or [None]
    assert same.expected == score.days[5].expected
    assert (same.low, same.high, same.usual) == (score.days[5].low, score.days[5].high, score.days[5].usual)


def test_three_days_are_too_few():
    assert backtest_arrivals(a_log(days=3)) == []


def test_a_log_without_a_readable_moment_is_passed_over():
    broken = Logged(
        ("north", "x", ""), "north", "bills", "standard", None, 0.0, None, None, None, "served", joins=False
    )
    assert backtest_arrivals([broken, *a_log(days=5)])[0].figures() == backtest_arrivals(a_log(days=5))[0].figures()


def test_the_command_tells_every_hall_and_the_mean(tmp_path):
    file = tmp_path / "visits.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["hall", "number", "service", "tier", "issued_at", "called_at", "ended_at", "counter", "outcome"])
        for i, visit in enumerate(a_log(days=6)):
            at = datetime.fromtimestamp(visit.issued * 60, UTC).isoformat()
            rows.writerow([visit.hall, f"A{i}", visit.service, "standard", at, "", "", "", "abandoned"])
    said = CliRunner().invoke(main, ["backtest", "arrivals", "--visits", str(file), "--json"])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert [(hall["hall"], hall["days"]) for hall in told["halls"]] == [("north", 3)]
    assert told["mean"]["forecast"] == told["halls"][0]["forecast"]
    words = CliRunner().invoke(main, ["backtest", "arrivals", "--visits", str(file)])
    assert "north" in words.output
    assert "mean" in words.output


def test_the_section_of_another_command_stays_in_the_page_of_figures(tmp_path: Path):
    page = tmp_path / "benchmarks.md"
    once = Figures("once", "Once", "Counted.", ("a", "b"), [("1", "2")], {})
    write(page, {"Date": "today"}, [once])
    put(page, {"Date": "today"}, measured(backtest_arrivals(a_log())), "this")
    put(page, {"Date": "tomorrow"}, measured(backtest_arrivals(a_log())), "this")
    written = page.read_text()
    write(page, {"Date": "today"}, [once])
    assert page.read_text() == written
    assert written.count("foretold at noon\n") == 1
    assert "Made by itself: `this`. Date tomorrow." in written
