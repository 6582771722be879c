"""The view model of a ticket's audit trail (story): each event as a sentence, each call with its check and the promise."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hallflow.config.texts import Texts
from hallflow.domain.past.story import Check, Overtaking, Story, StoryEntry
from hallflow.domain.plan import Plan
from hallflow.domain.ticket import Ticket


def explained(story: Story, plan: Plan, texts: Texts, lang: str) -> dict[str, Any]:
    """The whole story as data, each entry with its sentences in this language."""
    teller = _Teller(plan, texts, lang, story.day)
    return {
        "hall": story.hall,
        "day": story.day.isoformat(),
        "number": story.number,
        "zone": str(plan.hours.zone),
        "state": story.ticket.state if story.ticket else None,
        "entries": [teller.entry(entry) for entry in story.entries],
        "note": teller.say("today") if any(entry.check for entry in story.entries) else None,
    }


class _Teller:
    """Writes the sentences of one hall in one language."""

    def __init__(self, plan: Plan, texts: Texts, lang: str, day: date) -> None:
        self._day = day
        self._plan = plan
        self._texts = texts
        self._lang = lang
        self._language = texts.language(lang)

    def say(self, code: str, **facts: Any) -> str:
        """A sentence of the table `explain`."""
        return self._texts.say(self._lang, f"explain.{code}", **facts)

    def entry(self, entry: StoryEntry) -> dict[str, Any]:
        """One entry: its moment and its sentence, and at a call the check of the decision and the wait."""
        event = entry.event
        data: dict[str, Any] = {
            "seq": event.seq,
            "at": event.at.isoformat(),
            "clock": self._clock(event.at),
            "kind": event.kind,
            "counter": event.counter,
            "text": self._happened(entry),
        }
        if entry.check and entry.before:
            data["check"] = {"verdict": entry.check.verdict, "text": self._checked(entry.check, entry.before)}
            if entry.check.verdict != "walk_in":
                data["wait"] = self._wait(entry, entry.before)
                data["overtaken"] = self._overtaken(entry.overtaken, entry.before)
        return data

    def _clock(self, at: datetime) -> str:
        local = at.astimezone(self._plan.hours.zone)
        return f"{local:%H:%M:%S}" if local.date() == self._day else f"{local:%m-%d %H:%M:%S}"

    def _happened(self, entry: StoryEntry) -> str:
        event, ticket = entry.event, entry.before or entry.after
        facts: dict[str, Any] = {k: v for k, v in event.data.items() if k != "reason"}
        facts["counter"] = self._counter(event.counter or (ticket.counter if ticket else None))
        code = event.kind
        if event.kind == "issued":
            facts["services"] = self._language.comma.join(self._service(key) for key in event.data["services"])
            if promise := event.data.get("promise"):
                facts |= dict(zip(("low", "likely", "high"), promise, strict=True))
            else:
                code = "issued_plainly"
        elif event.kind in ("called", "started"):
            facts["reason"] = self._reason(event.data["reason"])
        elif event.kind == "missed" and event.data.get("by") == "itself":
            code = "missed_itself"
        elif event.kind == "expired" and event.data.get("outcome") == "missed":
            code = "expired_missed"
        elif event.kind == "prefilled" and event.data["accepted"]:
            code = "prefilled_accepted"
        elif event.kind == "transferred" and event.data.get("wanted"):
            code, facts["counter"] = "transferred_to", self._counter(event.data["wanted"])
        if event.kind in ("finished", "leg_finished") and ticket:
            facts["service"] = self._service(ticket.service)
            facts["next"] = self._service(entry.after.service) if entry.after else ""
        elif "service" in event.data:
            facts["service"] = self._service(event.data["service"])
        return self.say(code, **facts)

    def _checked(self, check: Check, ticket: Ticket) -> str:
        facts: dict[str, Any] = {"missing": check.missing}
        code, choice = check.verdict, check.choice
        if check.broken:
            facts |= check.broken.facts
        elif choice:
            facts |= {"number": choice.ticket.number, "reason": self._reason(choice.reason.as_data())}
            if code == "by_name" and choice.ticket.number == ticket.number:
                code = "by_name_in_turn"
        return self.say(code, **facts)

    def _wait(self, entry: StoryEntry, ticket: Ticket) -> dict[str, Any]:
        waited, since_issue = ticket.waited(entry.event.at), (entry.event.at - ticket.issued_at).total_seconds() / 60
        parts = [self.say("waited", waited=_minutes(waited))]
        tier = self._plan.tiers.get(ticket.tier)
        data: dict[str, Any] = {"minutes": round(waited, 2)}
        if tier:
            for name, most, passed in (("goal", tier.goal_minutes, "missed"), ("guard", tier.guard_minutes, "passed")):
                kept = waited <= most if name == "goal" else waited < most
                facts = {name: _minutes(most), "over": _minutes(waited - most)}
                parts.append(self.say(f"{name}_{'kept' if kept else passed}", **facts))
                data[f"{name}_minutes"], data[f"{name}_kept"] = most, kept
        if ticket.promise and ticket.calls == 0:
            low, likely, high = ticket.promise
            code = "promise_broken" if since_issue > high else "promise_sooner" if since_issue < low else "promise_kept"
            parts.append(self.say(code, low=low, high=high, over=_minutes(since_issue - high)))
            data |= {"promise": [low, likely, high], "promise_kept": code != "promise_broken"}
        return data | {"text": self._language.semicolon.join(parts)}

    def _overtaken(self, by: Sequence[Overtaking], ticket: Ticket) -> dict[str, Any]:
        tier = self._plan.tiers.get(ticket.tier)
        bound = tier.overtaken_at_most if tier else "?"
        text = self.say("overtaken_none", bound=bound)
        if by:
            who = self._language.comma.join(self._who(by))
            text = self.say("overtaken", times=len(by), bound=bound, who=who)
        numbers = [{"number": one.number, "counter": one.counter, "at": one.at.isoformat()} for one in by]
        return {"times": len(by), "bound": tier.overtaken_at_most if tier else None, "by": numbers, "text": text}

    def _who(self, by: Sequence[Overtaking]) -> Iterator[str]:
        for one in by:
            yield self.say(
                "overtaken_by", number=one.number, at=self._clock(one.at)[:-3], counter=self._counter(one.counter)
            )

    def _reason(self, data: Mapping[str, Any]) -> str:
        facts = dict(data)
        if (tier := self._plan.tiers.get(str(facts.get("tier")))) is not None:
            facts["tier"] = tier.name
        key = f"reason.{facts.pop('code')}"
        return self._texts.say(self._lang, key, **facts) if self._texts.knows(key) else key

    def _service(self, key: str) -> str:
        return self._texts.name(self._lang, self._plan.service_name(key))

    def _counter(self, key: str | None) -> str:
        return self._texts.name(self._lang, self._plan.counter_name(key or ""))


def _minutes(minutes: float) -> str:
    return f"{minutes:.1f}".removesuffix(".0")
