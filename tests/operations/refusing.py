"""Assertion that an operation is refused: the expected code, and nothing written."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hallflow.domain.refusals import Refused
from hallflow.hall import Hall
from hallflow.storage.log import ledger


@contextmanager
def refuses(hall: Hall, code: str, **facts: object) -> Iterator[None]:
    """The block is refused with this code and these facts, and the hall is as it was, in memory and in the tables."""
    before, floor, written = hall.floor.draft(), hall.floor, _written(hall)
    with pytest.raises(Refused) as fault:
        yield
    assert fault.value.code == code
    assert facts.items() <= fault.value.facts.items()
    assert hall.floor is floor
    assert hall.floor == before
    assert _written(hall) == written, "a refused verb must write nothing"


def _written(hall: Hall) -> tuple[object, ...]:
    with hall.reading() as connection:
        head = ledger.head(connection, hall.key)
        return head, ledger.count_events(connection, hall.key), ledger.counters_of(connection, hall.key)
