"""`python -m hallflow`."""

from hallflow.cli import main

main(prog_name="hallflow")
