"""Configuration: the TOML files of the folder config/, parsed and validated at start, with every fault named."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hallflow.config.agreement.all_files import disagreements
from hallflow.config.building import build_plan
from hallflow.config.faults import PlanFault, PlanFaults
from hallflow.config.languages import Languages
from hallflow.config.parsed import Files
from hallflow.config.reading import Reader
from hallflow.config.shapes import FormFile, HallFile, HallflowFile, ServicesFile, TiersFile
from hallflow.config.staffing import StaffingFile
from hallflow.config.texts import Texts
from hallflow.config.untranslated import names_without
from hallflow.config.values import is_key
from hallflow.domain.languages import Words
from hallflow.domain.plan import Plan

__all__ = ["Installation", "PlanFault", "PlanFaults", "Retention", "Texts", "load"]


@dataclass(frozen=True, slots=True)
class Retention:
    """Retention periods of personal data, in days."""

    answers_days: int
    tickets_days: int


@dataclass(frozen=True, slots=True)
class Installation:
    """All halls of a company, and what they share."""

    name: Words
    plans: Mapping[str, Plan]
    texts: Texts
    retention: Retention
    address: str | None
    """The public address for customers' phones, such as https://hall.example.com; None: the kiosk's."""
    demo: bool
    remarks: tuple[PlanFault, ...] = ()
    """Missing translations."""

    @property
    def language(self) -> str:
        """The default language."""
        return self.texts.first


def load(folder: Path, *, demo: bool = False) -> Installation:
    """Read the configuration in this folder; raises PlanFaults with all faults. A demo is open around the clock."""
    if not folder.is_dir():
        raise PlanFaults([PlanFault(str(folder), "", "there is no such folder; HALLFLOW_CONFIG names the plan's")])
    read = Reader(folder)
    common_table = read.parse("hallflow.toml")
    languages = Languages(read, common_table)
    read.context = {"languages": languages.order, "known": languages.known}
    files = Files(
        hallflow=common_table,
        services=read.parse("services.toml"),
        tiers=read.parse("tiers.toml"),
        staffing=read.parse("staffing.toml"),
        halls=read.parse_all("halls"),
        forms=read.parse_all("forms"),
        unread=read.unread,
        languages=languages.order,
    )

    common = read.shape("hallflow.toml", files.hallflow, HallflowFile)
    services = read.shape("services.toml", files.services, ServicesFile)
    tiers = read.shape("tiers.toml", files.tiers, TiersFile)
    staffing = read.shape("staffing.toml", files.staffing, StaffingFile)
    halls = {key: read.shape(f"halls/{key}.toml", table, HallFile) for key, table in files.halls.items()}
    forms = {key: read.shape(f"forms/{key}.toml", table, FormFile) for key, table in files.forms.items()}

    for place, keys in (("halls", halls), ("forms", forms)):
        read.add(PlanFault(f"{place}/{key}.toml", "", _BAD_NAME) for key in keys if not is_key(key))
    read.add(disagreements(files))
    read.add(languages.faults())
    if read.faults or not (common and services and tiers and staffing):
        raise PlanFaults(read.faults)

    whole = {key: form for key, form in forms.items() if form}
    texts = languages.texts()
    return Installation(
        name=common.name,
        plans={
            key: build_plan(key, hall, common, services, tiers, staffing, whole, languages=texts.languages, demo=demo)
            for key, hall in halls.items()
            if hall
        },
        texts=texts,
        retention=Retention(**common.retention.model_dump()),
        address=common.address,
        demo=demo,
        remarks=(*languages.remarks(), *names_without(files, languages.order)),
    )


_BAD_NAME = "a file's name is its key: use small letters, digits, _ and -"
