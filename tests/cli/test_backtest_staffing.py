"""`hallflow backtest staffing`: the same days staffed by Erlang C, by simulation-based search, and by live advice."""

import json
from pathlib import Path

from click.testing import CliRunner

from hallflow.cli import main
from tests.cli.test_backtest import a_log, days


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["backtest", "staffing", *map(str, arguments)])
    return result.exit_code, result.stdout, result.output


def test_the_last_days_of_a_log_are_staffed_three_ways(tmp_path: Path) -> None:
    log = a_log(tmp_path / "visits.csv", days(2, 7))
    code, out, said = run("--visits", log, "--days", 1, "--json")
    assert code == 0, said
    lived = json.loads(out)["lived"]
    assert [each["hall"] for each in lived] == ["north", "south"]
    for each in lived:
        assert each["days"] == 1
        assert each["sipp"]["of_sipp"] == 1
        for name in ("sipp", "found", "advised"):
            assert 10 < each[name]["hours"] < 80
            assert 0.5 < each[name]["within"] <= 1


def test_for_a_person_it_is_a_table(tmp_path: Path) -> None:
    log = a_log(tmp_path / "visits.csv", [row for row in days(2, 6) if row["hall"] == "north"])
    code, out, said = run("--visits", log, "--days", 1)
    assert code == 0, said
    assert "staff-hours" in out
    assert [line.split()[0:3] for line in out.splitlines() if line.startswith("north")] == [
        ["north", "1", "SIPP"],
        ["north", "1", "found"],
        ["north", "1", "advised"],
    ]


def test_too_few_days_and_a_goal_that_is_none_are_said(tmp_path: Path) -> None:
    log = a_log(tmp_path / "visits.csv", days(2, 4))
    code, _, said = run("--visits", log)
    assert code == 1
    assert "no hall has more than 3 days" in said
    for goal in ("80", "80/x", "0/10", "80/0"):
        code, _, said = run("--visits", log, "--goal", goal)
        assert code == 2, goal
        assert goal in said
