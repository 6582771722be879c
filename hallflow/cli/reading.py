"""Progress and result of a file's import: a bar by bytes read, then the rows taken and refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from hallflow.sheets import Imported

REASONS = 12


@contextmanager
def reading(file: Path, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, told in bytes."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    with Progress(TextColumn(file.name), BarColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=file.stat().st_size)
        yield lambda read: bar.update(task, completed=read)


def tell(what: str, told: Imported) -> None:
    """The counts, and each reason for refusals with its first row."""
    refused = sum(refusals.count for refusals in told.refused.values())
    known = f"{told.known:,} already there, " if told.known else ""
    click.echo(f"{what}: {told.rows:,} rows: {told.new:,} taken, {known}{refused:,} refused")
    found = sorted(told.refused.items(), key=lambda item: -item[1].count)
    for reason, refusals in found[:REASONS]:
        click.echo(f"  {refusals.count:>7,}  {reason}")
        click.echo(f"           line {refusals.line}: {refusals.example}")
    if found[REASONS:]:
        rest = sum(refusals.count for _, refusals in found[REASONS:])
        click.echo(f"  {rest:>7,}  for {len(found) - REASONS} reasons more: --json lists them all")
