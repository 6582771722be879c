"""The command line `hallflow`: each subcommand is a module of this folder, imported only when it runs."""

from importlib import import_module

import click

COMMANDS = {
    "run": "Open the halls and serve them.",
    "work": "Do the jobs and the heavy sums beside the servers.",
    "demo": "Play a live day in a hall, at any speed.",
    "replay": "Run a day that is over again, under other rules.",
    "history": "Bring past visits in, or out.",
    "rehearse": "Play a whole day on paper with other counters open.",
    "backtest": "Foresee past days with what was known then.",
    "roster": "Say who works when, week by week.",
    "staff": "Add clerks and managers.",
    "customers": "Tell the halls who belongs to which tier.",
    "check": "Read the plan and name every fault in it.",
    "backup": "Copy everything into one file, while the halls run.",
    "restore": "Bring a backup into an empty database.",
    "log": "Check the log, or let it tell of one ticket.",
    "upgrade": "Bring the database to this program's version.",
}
"""Name -> help line; the command itself is `command` in hallflow/cli/<name>.py (a - becomes _)."""


class Lazy(click.Group):
    """A group that imports a command when it runs: --help must not wait for numpy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, from its file."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"hallflow.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a plan or an environment that cannot be used is said in sentences, not in a traceback."""
        from hallflow.config import PlanFaults
        from hallflow.settings import SettingsFaults

        try:
            return super().invoke(ctx)
        except (PlanFaults, SettingsFaults) as bad:
            for fault in bad.faults:
                click.echo(str(fault), err=True)
            ctx.exit(1)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hallflow")
def main() -> None:
    """Run the service halls of a company.

    Settings of this machine come from the environment (HALLFLOW_HOST, HALLFLOW_PORT, HALLFLOW_DATA ...),
    the halls themselves from the files in config/.
    """
