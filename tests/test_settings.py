"""Settings from environment variables, and the errors for invalid ones."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hallflow.settings import Settings, SettingsFaults


def test_a_laptop_needs_no_setting_at_all() -> None:
    settings = Settings.from_env({})
    assert (settings.host, settings.port, settings.processes, settings.demo) == ("127.0.0.1", 8080, 1, False)
    assert (settings.data, settings.config, settings.redis_url) == (Path("data"), Path("config"), None)
    assert settings.database_url == f"sqlite:///{Path.cwd()}/data/hallflow.db"


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {
            "HALLFLOW_HOST": "0.0.0.0",
            "HALLFLOW_PORT": "9000",
            "HALLFLOW_DATA": str(tmp_path),
            "HALLFLOW_CONFIG": str(tmp_path / "plan"),
            "HALLFLOW_DATABASE_URL": "postgresql://hall@db/hallflow",
            "HALLFLOW_REDIS_URL": "redis://cache/0",
            "HALLFLOW_PROCESSES": "4",
            "HALLFLOW_PROXIES": "1",
            "HALLFLOW_DEMO": "1",
            "HALLFLOW_SECRET": "a secret of enough letters",
        }
    )
    assert settings.database_url == "postgresql://hall@db/hallflow"
    assert (settings.port, settings.processes, settings.proxies, settings.demo) == (9000, 4, 1, True)
    assert settings.secret == "a secret of enough letters"
    assert "letters" not in repr(settings)


def test_every_wrong_value_is_named_with_its_variable_and_no_password_is_shown(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsFaults) as told:
        Settings.from_env(
            {
                "HALLFLOW_PORT": "99999",
                "HALLFLOW_DATA": str(tmp_path / "file"),
                "HALLFLOW_DATABASE_URL": "mysql://hall:pa55@db/hallflow",
                "HALLFLOW_REDIS_URL": "http://:pa55@cache",
                "HALLFLOW_PROCESSES": "0",
                "HALLFLOW_PROXIES": "-1",
                "HALLFLOW_DEMO": "maybe",
                "HALLFLOW_SECRET": "short",
            }
        )
    assert told.value.faults == [
        f"HALLFLOW_DATA: {str(tmp_path / 'file')!r} is a file, not a folder",
        "HALLFLOW_PORT: '99999' is not a port, 0 to 65535",
        "HALLFLOW_DATABASE_URL: must begin with sqlite:/// or postgresql://",
        "HALLFLOW_REDIS_URL: must begin with redis://, rediss:// or unix://",
        "HALLFLOW_PROCESSES: '0' is not a number of processes, 1 to 256",
        "HALLFLOW_PROXIES: '-1' is not a number of proxies, 0 to 8",
        "HALLFLOW_DEMO: 'maybe' is neither 1 nor 0",
        "HALLFLOW_SECRET: is shorter than 16 letters",
    ]


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = [Settings.from_env({"HALLFLOW_DATA": str(data)}) for _ in range(16)]
    assert not data.exists()
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda each: each.secret, settings))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 48
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == ["secret"]
