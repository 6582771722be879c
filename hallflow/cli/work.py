"""`hallflow work`: the worker process, which runs the jobs and heavy computations beside the servers."""

import os
import signal
import threading

import click

from hallflow.app import configure_log, open_house, share_changes
from hallflow.cli.run import look_for_redis
from hallflow.jobs.schedule import Clockwork
from hallflow.jobs.tasks import TASKS, run
from hallflow.player.demo_history import ensure_demo_history
from hallflow.settings import Settings
from hallflow.storage.database.engine import Unreachable
from hallflow.storage.upgrade import WrongVersion


@click.command(name="work")
@click.option("--once", type=click.Choice(sorted(TASKS)), help="Do this one job now, and end.")
def command(once: str | None) -> None:
    """Do the jobs: outlooks, missed and expired tickets, the day's end, learning, forgetting."""
    configure_log()
    try:
        house = open_house(Settings.from_env())
    except (Unreachable, WrongVersion) as fault:
        raise click.ClickException(str(fault)) from fault
    if house.settings.demo:
        ensure_demo_history(house)
    if once:
        raise SystemExit(0 if run(house, TASKS[once]) else 1)
    if house.settings.redis_url:
        look_for_redis(house.settings)
        share_changes(house, house.settings.redis_url, lambda: None)
    # lower CPU priority than the servers
    os.nice(5)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    clockwork = Clockwork(house)
    clockwork.start()
    parent = os.getppid()
    while not stopped.wait(1.0):
        if os.getppid() != parent:
            break
    clockwork.stop()
