"""The audit of a played day finds whatever may never happen."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hallflow.player.audit import audit


def log(*events: tuple[str, str | None, str | None]) -> list[dict[str, Any]]:
    data = {"tier": "gold", "promise": [1, 2, 5]}
    start = datetime(2026, 3, 4, 2, tzinfo=UTC)
    return [
        {"seq": i + 1, "at": (start + timedelta(minutes=i)).isoformat(), "kind": kind, "ticket": ticket,
         "counter": counter, "data": data}
        for i, (kind, ticket, counter) in enumerate(events)
    ]  # fmt: skip


def test_the_audit_finds_what_may_never_happen() -> None:
    good = [("issued", "A001", None), ("called", "A001", "1"), ("arrived", "A001", "1"), ("finished", "A001", "1")]
    report = audit(log(*good))
    assert report.clean
    assert (report.issued, report.served, report.still_here) == (1, 1, 0)
    assert report.waits["gold"] == {"called": 1, "mean": 1.0, "nine_in_ten_under": 1.0, "longest": 1.0}
    assert (report.promises, report.promises_kept, report.promises_in_range) == (1, 1, 1)
    twice = audit(log(("issued", "A001", None), ("issued", "A001", None)))
    assert twice.duplicate_numbers == ["A001"]
    called = audit(log(("issued", "A001", None), ("called", "A001", "1"), ("called", "A001", "2")))
    assert called.double_calls == ["A001 at 2 (seq 3)"]
    busy = audit(log(*good[:2], ("issued", "A002", None), ("called", "A002", "1")))
    assert busy.double_calls == ["A002 at 1 (seq 4)"]
    served = audit(log(*good, ("finished", "A001", "1")))
    assert served.served_twice == ["A001"]
    gap = log(*good)
    gap[2]["seq"] = 9
    assert not audit(gap).clean
