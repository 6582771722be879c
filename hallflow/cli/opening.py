"""The context of administrative commands: settings, plan and database, opened without opening a hall's day."""

from dataclasses import dataclass

import click

from hallflow.config import Installation, load
from hallflow.domain.plan import Plan
from hallflow.settings import Settings
from hallflow.storage.database.engine import Unreachable, open_engine
from hallflow.storage.turns import Turns
from hallflow.storage.upgrade import WrongVersion, check_version, upgrade, version


@dataclass(frozen=True, slots=True)
class Office:
    """The installation, for whoever administers it."""

    settings: Settings
    installation: Installation
    turns: Turns

    def plan(self, hall: str) -> Plan:
        """The plan of this hall."""
        plans = self.installation.plans
        if hall not in plans:
            raise click.BadParameter(f"there is no hall {hall!r}; the plan has {', '.join(plans)}", param_hint="--hall")
        return plans[hall]

    def language(self, code: str | None) -> str:
        """The language of this code, or the first where none is asked for."""
        texts = self.installation.texts
        if code is not None and code not in texts.codes:
            raise click.BadParameter(
                f"texts/ has no {code}.toml; there are {', '.join(texts.codes)}", param_hint="--lang"
            )
        return code or texts.first


def open_office() -> Office:
    """Reach the database; an empty one is set up, one of another version refused."""
    settings = Settings.from_env()
    installation = load(settings.config, demo=settings.demo)
    try:
        engine = open_engine(settings.database_url)
        if (context := click.get_current_context(silent=True)) is not None:
            context.call_on_close(engine.dispose)
        if version(engine) is None:
            upgrade(engine)
        check_version(engine)
    except (Unreachable, WrongVersion) as fault:
        raise click.ClickException(str(fault)) from fault
    return Office(settings, installation, Turns(engine))
