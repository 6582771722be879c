"""The measured effect of an advice: the calls made in its time, compared with the forecast without it."""

from typing import Any

from sqlalchemy import Connection

from hallflow.storage.log import ledger
from hallflow.storage.records.advices import AdviceRow


def measured(connection: Connection, row: AdviceRow) -> dict[str, Any]:
    """First calls between the advice's start and end: how many, their mean wait, the share within goal; and who left.

    The outcome without the advice is not observable, so the effect is measured against its forecast.
    """
    waits, within, left = [], 0, 0
    for event in ledger.events_after(connection, row.hall, row.data["seq"]):
        if not row.starts_at <= event.at < row.ends_at:
            continue
        if event.kind in ("called", "started") and "within" in event.data:
            waits.append(float(event.data.get("waited", 0.0)))
            within += bool(event.data["within"])
        left += event.kind == "left"
    n = len(waits)
    mean = round(sum(waits) / n, 2) if n else None
    share = round(within / n, 4) if n else None
    without = row.data["before"]
    return {
        "calls": n,
        "left": left,
        "wait": mean,
        "within_goal": share,
        "effect": {
            "wait": None if mean is None else round(mean - without["wait"]["likely"], 2),
            "within_goal": None if share is None else round(share - without["within_goal"]["likely"], 4),
        },
    }
