"""`leadline generate --watch`: the models follow the contract."""

from __future__ import annotations

import time

import click

from leadline_cli.exits import HOLDS
from leadline_cli.generate_job import Job, write_models
from leadline_openapi import LeadlineError, SpecError
from leadline_openapi.watching import PERIOD, Watch


def follow(job: Job) -> int:
    """
    Write the models now and after each change of a file that they come from, until Ctrl-C.

    A contract that is broken is told and waited for, and the models stay as they were. Ends with the exit
    code where the models that are there are not to be written. Raises what the first attempt raises, but
    for a contract whose files are all there.
    """
    watch = Watch(job.named)
    try:
        with watch.attempt():
            code = write_models(job)
    except SpecError as error:
        if not all(path.exists() for path in job.named):
            raise
        _tell(error)
    else:
        if code != HOLDS:
            return code
    click.echo("watching the files of the contract, Ctrl-C stops it", err=True)
    while True:
        time.sleep(PERIOD)
        if watch.changed():
            _again(job, watch)


def _again(job: Job, watch: Watch) -> None:
    try:
        with watch.attempt():
            write_models(job)
    except (LeadlineError, OSError) as error:
        _tell(error)
    except Exception as error:  # whatever a file may do to its reader
        _tell(f"{type(error).__name__}: {error}")


def _tell(problem: object) -> None:
    click.echo(click.style("error: ", fg="red", bold=True) + str(problem), err=True)
    click.echo("the models stay as they were", err=True)
