"""Change notifications between processes: an invalid address is refused at once, an unreachable one only reported."""

import pytest

from hallflow.live.hints import NoHints, check_redis
from tests.servers import free_port


def test_a_redis_that_answers_is_not_spoken_of(valkey_url: str) -> None:
    assert check_redis(valkey_url) is None


def test_a_redis_that_is_away_is_named_without_its_password() -> None:
    port = free_port()
    told = check_redis(f"redis://:geheim@127.0.0.1:{port}/0")
    assert told is not None
    assert f"HALLFLOW_REDIS_URL: redis://127.0.0.1:{port}/0 cannot be reached" in told
    assert "geheim" not in told


@pytest.mark.parametrize("wrong", ["redis://nobody:geheim@{place}/0", "redis://{place}/999"])
def test_a_redis_that_does_not_take_us_is_refused(valkey_url: str, wrong: str) -> None:
    place = valkey_url.removeprefix("redis://").split("/")[0]
    with pytest.raises(NoHints, match=r"HALLFLOW_REDIS_URL: .* does not take us") as fault:
        check_redis(wrong.format(place=place))
    assert "geheim" not in str(fault.value)
