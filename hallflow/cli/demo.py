"""`hallflow demo`: an agent-based simulation of a day on a real server, with made-up customers and clerks, at any speed."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hallflow.player.audit import Report
    from hallflow.player.play import DayPlay, DayProgress
    from hallflow.player.server import OwnServer

DAY_MINUTES = 540


@click.command(name="demo")
@click.option(
    "--speed", type=click.FloatRange(0.1, 3600), default=60, show_default=True, help="60: an hour in a minute."
)
@click.option("--hall", default="central", show_default=True, help="Where it is played.")
@click.option("--day", type=click.Choice(["busy", "normal", "quiet"]), default="normal", show_default=True)
@click.option("--from", "first", default="08:30", show_default=True, metavar="HH:MM", help="By the hall's clock.")
@click.option("--minutes", type=click.FloatRange(1), help="How long, by the hall's clock; else a day of nine hours.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, another day.")
@click.option("--port", type=click.IntRange(1, 65535), help="Of the demo's own server; else 8080, or any free one.")
@click.option("--url", help="Play on this running server, at its own pace, instead of starting one.")
@click.option("--json", "as_json", is_flag=True, help="Only the day's figures, for programs.")
def command(
    speed: float,
    hall: str,
    day: str,
    first: str,
    minutes: float | None,
    seed: int,
    port: int | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Play a live day: customers come, clerks serve, everything through the public API.

    Starts its own halls in a folder that is thrown away afterwards, and says where to watch. Ctrl+C ends it.
    """
    from hallflow.player.hall_day import CannotPlay
    from hallflow.player.play import DayPlay

    server: OwnServer | None = None
    with _ending_well():
        try:
            if url is None:
                server = _own_server(hall, _hour(first), speed, port, quiet=as_json)
            address = url or (server.url if server else "")
            if not as_json:
                _welcome(address, hall)
            play = DayPlay(address, hall, day, seed, minutes or DAY_MINUTES, server.begins if server else None)
            _run(play, quiet=as_json)
            report = play.report()
            _tell(report, play, hall, as_json=as_json)
        except CannotPlay as why:
            raise click.ClickException(str(why)) from why
        finally:
            if server:
                server.stop()
    raise SystemExit(0 if report.clean else 1)


def _hour(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise click.BadParameter(f"{text!r} is not a time such as 08:30", param_hint="--from")
    return int(found[1]), int(found[2])


@contextmanager
def _ending_well() -> Iterator[None]:
    """A SIGTERM ends the demo as Ctrl+C does: with its server."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _own_server(hall: str, first: tuple[int, int], speed: float, port: int | None, *, quiet: bool) -> "OwnServer":
    from hallflow.player.server import OwnServer

    server = OwnServer(hall, first, speed, port)
    try:
        visits = server.prepare()
        if not quiet:
            click.echo(f"The halls have a made-up past of eight weeks: {visits:,} simulated visits.")
        server.start()
    except BaseException:
        server.stop()
        raise
    return server


def _welcome(url: str, hall: str) -> None:
    """Where to watch."""
    click.echo(f"\nA day in {click.style(hall, bold=True)}: {url}\n")
    for name in ("kiosk", "wall", "console", "dashboard"):
        click.echo(f"  {name:<10} {url}/{name}/{hall}")
    click.echo("\n  PINs: clerk 1111 at any counter, manager 9999.")
    click.echo("  To work at a counter yourself, sign in there and pause it: its clerk leaves it to you.")
    click.echo("  Stop with Ctrl+C.\n")


def _run(play: "DayPlay", *, quiet: bool) -> None:
    try:
        if quiet:
            play.run(lambda _: None)
        else:
            with _progress() as tell:
                play.run(tell)
    except KeyboardInterrupt:
        if not quiet:
            click.echo("Stopped.")


@contextmanager
def _progress() -> "Iterator[Callable[[DayProgress], None]]":
    """One calm line on a terminal; elsewhere a line each half hour of the hall's clock."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console()
    if not console.is_terminal:
        told: set[int] = set()

        def say(moment: "DayProgress") -> None:
            half_hour = int(moment.at.timestamp()) // 1800
            if half_hour not in told:
                told.add(half_hour)
                click.echo(_line(moment))

        yield say
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30))
    with Progress(*columns, console=console, transient=True, refresh_per_second=5) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda moment: bar.update(task, description=_line(moment), completed=moment.share)


def _line(moment: "DayProgress") -> str:
    return (
        f"{moment.at:%H:%M}  waiting {moment.waiting:>3}  at counters {moment.serving:>2}"
        f"  numbers {moment.issued:>4}  served {moment.served:>4}"
    )


def _tell(report: "Report", play: "DayPlay", hall: str, *, as_json: bool) -> None:
    stage = play.stage
    behind = max(stage.agenda.most_behind, timedelta()).total_seconds()
    if as_json:
        said = report.as_data() | {
            "hall": hall,
            "from": play.begins.isoformat(),
            "until": stage.agenda.clock.now().isoformat(),
            "clean": report.clean,
            "requests": play.line.requests,
            "refused": play.line.refused,
            "most_behind_seconds": round(behind, 1),
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for line in _summary(report, play, behind):
        click.echo(line)


def _summary(report: "Report", play: "DayPlay", behind: float) -> Iterator[str]:
    yield f"\n{report.issued} numbers given, {report.served} served, {report.left} left, {report.missed} calls missed"
    yield (
        f"{report.came_late} came late after all, {report.deferred} let others first, {report.parked} set aside, "
        f"{report.transferred} sent on, {report.services_added} wanted something else too, {report.walked_in} walked in"
    )
    yield f"{report.forms_accepted} forms filled in while waiting, {report.pauses} pauses, {report.stars or '-'} stars"
    yield ""
    for tier, waits in report.waits.items():
        if waits["called"]:
            yield (
                f"  {tier:<10} {waits['called']:>4} called, waited {waits['mean']:>5.1f} min on average, "
                f"nine in ten under {waits['nine_in_ten_under']:.0f}, longest {waits['longest']:.0f}"
            )
    if report.promises:
        kept, inside = (100 * n / report.promises for n in (report.promises_kept, report.promises_in_range))
        yield f"  promises: {kept:.0f} % called by the latest time they were told, {inside:.0f} % within the range"
    yield ""
    yield (
        f"The hall's log of {report.events} events: {len(report.duplicate_numbers)} numbers given twice, "
        f"{len(report.double_calls)} calls of one customer to two counters, {len(report.served_twice)} served twice, "
        f"{report.gaps} gaps"
    )
    if report.still_here:
        yield f"{report.still_here} were still in the hall."
    refused = ", ".join(f"{code} {n}" for code, n in sorted(play.line.refused.items(), key=lambda item: -item[1]))
    yield f"{play.line.requests} requests; refused: {refused or 'none'}; at most {behind:.0f} s of the hall behind."
