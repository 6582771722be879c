"""`hallflow check` reports every fault of a plan, for people and for programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hallflow.cli import COMMANDS, Lazy, main
from tests.config.plans import a_config, spoil
from tests.makers import SAMPLES


def check(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", *arguments])
    return result.exit_code, result.output


def test_the_sample_halls_may_open() -> None:
    code, said = check("--config", str(SAMPLES))
    assert (code, said) == (
        0,
        "The plan is in order: central (12 counters, 8 services), county (4 counters, 5 services).\n",
    )


def test_every_fault_has_its_line_and_the_command_fails(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    spoil(plan, "halls/central.toml", 'services = ["bills", "plan_change"]\n', 'services = ["bills", "loans"]\n')
    spoil(plan, "tiers.toml", "guard_minutes = 30", "guard_minutes = 3")
    code, said = check("--config", str(plan))
    assert code == 1
    assert said.splitlines() == [
        "tiers.toml: tiers.standard: guard_minutes (3) comes before the goal (20 minutes)",
        "halls/central.toml: counters.2: no service is called 'loans'",
        "2 faults: the halls stay closed until they are mended.",
    ]


def test_programs_get_the_faults_as_json(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    spoil(plan, "services.toml", 'form = "sim"', 'form = "card"')
    code, said = check("--json", "--config", str(plan))
    assert code == 1
    assert json.loads(said) == {
        "ok": False,
        "halls": [],
        "faults": [{"file": "services.toml", "place": "services.sim.form", "what": "no form is called 'card'"}],
        "remarks": [],
    }
    code, said = check("--json", "--config", str(SAMPLES))
    assert code == 0
    assert [hall["key"] for hall in json.loads(said)["halls"]] == ["central", "county"]


def test_a_wrong_variable_is_named_beside_the_faults_of_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = a_config(tmp_path)
    spoil(plan, "services.toml", 'form = "sim"', 'form = "card"')
    monkeypatch.setenv("HALLFLOW_CONFIG", str(plan))
    monkeypatch.setenv("HALLFLOW_PORT", "http")
    code, said = check()
    assert code == 1
    assert said.splitlines()[:2] == [
        "environment: HALLFLOW_PORT: 'http' is not a port, 0 to 65535",
        "services.toml: services.sim.form: no form is called 'card'",
    ]


def test_help_waits_for_no_command() -> None:
    asked = (
        "import sys; from hallflow.cli import main; main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    for slow in ("'numpy'", "'flask'", "'sqlalchemy'", "'pydantic'"):
        assert slow not in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there(name: str) -> None:
    assert isinstance(main, Lazy)
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output


def test_what_is_not_translated_is_remarked_on_together_and_the_halls_may_open(tmp_path: Path) -> None:
    plan = a_config(tmp_path)
    spoil(plan, "texts/en.toml", 'take = "Take a number"\n', "")
    spoil(plan, "tiers.toml", ', en = "Gold"', "")
    code, said = check("--config", str(plan))
    assert code == 0
    assert said.splitlines()[:2] == [
        "texts/en.toml: a remark, no fault: kiosk.take: is missing; it is said as in the program's own en.toml",
        "tiers.toml: a remark, no fault: tiers.gold.name.en: is missing; it is said in zh",
    ]
    code, said = check("--json", "--config", str(plan))
    assert [remark["place"] for remark in json.loads(said)["remarks"]] == ["kiosk.take", "tiers.gold.name.en"]
