"""Referential integrity of the files that halls share: services, tiers, forms, billing days."""

from collections.abc import Iterator, Mapping

from hallflow.config.faults import PlanFault, place_of, unknown
from hallflow.config.parsed import Files, Table, table_in, tables_in, texts_in


def service_faults(files: Files) -> Iterator[PlanFault]:
    """Unknown groups and forms, letters used twice, and services that no hall offers."""
    file = "services.toml"
    if file in files.unread:
        return
    groups = table_in(files.services, "groups")
    letters: dict[str, str] = {}
    offered = {key for hall in files.halls.values() for key in texts_in(hall, "services")}
    for key, service in tables_in(files.services, "services"):
        place = place_of("services", key)
        group, form, letter = service.get("group"), service.get("form"), service.get("letter")
        if isinstance(group, str) and group not in groups:
            yield PlanFault(file, f"{place}.group", unknown("group", group, groups))
        if isinstance(form, str) and form not in files.forms:
            yield PlanFault(file, f"{place}.form", unknown("form", form, files.forms))
        if isinstance(letter, str) and letters.setdefault(letter, key) != key:
            yield PlanFault(file, f"{place}.letter", f"{letter} is already the letter of {letters[letter]!r}")
        if key not in offered and not any(name.startswith("halls/") for name in files.unread):
            yield PlanFault(file, place, "no hall offers this service")


def tier_faults(files: Files) -> Iterator[PlanFault]:
    """A missing standard tier, and card prefixes of two tiers."""
    file = "tiers.toml"
    if file in files.unread:
        return
    tiers = table_in(files.tiers, "tiers")
    standard = files.tiers.get("standard", "standard")
    if isinstance(standard, str) and standard not in tiers:
        yield PlanFault(
            file, "standard", f"{unknown('tier', standard, tiers)}: customers without a card need a standard tier"
        )
    prefixes: dict[str, str] = {}
    for key, tier in tables_in(files.tiers, "tiers"):
        for prefix in texts_in(tier, "card_prefixes"):
            if prefixes.setdefault(prefix, key) != key:
                yield PlanFault(
                    file, place_of("tiers", key, "card_prefixes"), f"{prefix!r} already leads to {prefixes[prefix]!r}"
                )


def form_faults(file: str, form: Table) -> Iterator[PlanFault]:
    """Choice questions without choices, and choices of other questions."""
    if isinstance(form.get("fields"), Mapping) and not form["fields"]:
        yield PlanFault(file, "fields", "a form needs at least one question")
    for key, question in tables_in(form, "fields"):
        place = place_of("fields", key, "choices")
        choice = question.get("kind") in ("choice", "choices")
        if choice and not question.get("choices"):
            yield PlanFault(file, place, "a question with choices needs at least one choice")
        elif not choice and question.get("choices"):
            yield PlanFault(file, place, f"a question of kind {question.get('kind')!r} has no choices")


def billing_faults(file: str, table: Table, files: Files) -> Iterator[PlanFault]:
    """Billing days of undefined services."""
    known = table_in(files.services, "services")
    for service in texts_in(table_in(table, "calendar"), "billing_services"):
        if service not in known and "services.toml" not in files.unread:
            yield PlanFault(file, "calendar.billing_services", unknown("service", service, known))
