"""`leadline diff --check`: only what the change touches of the certificate, against a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from leadline_cli import running
from leadline_cli.diff_sections import Section
from leadline_cli.exits import HOLDS, NOTHING_CHECKED
from leadline_cli.options import adding, keys_from
from leadline_cli.terminal import fail, paint, working
from leadline_openapi import Contract
from leadline_openapi.diff import Diff
from leadline_openapi.markdown import fenced

if TYPE_CHECKING:
    from leadline_cli.outputs import Outputs
    from leadline_contracts.impact.touched import Touched
    from leadline_contracts.report import Report
    from leadline_contracts.target import Access

NAMES = ("url", "key", "headers", "timeout", "yes", "reports")
"""What click calls the values of `options`."""
_ALONE = ("headers", "timeout", "yes", "reports")
"""Options that say nothing unless a server is asked; a key is hidden in recorded traffic as well."""

options = adding(
    click.option(
        "--check",
        "url",
        metavar="URL",
        help="Hold the server at URL to NEW, by those cases of the certificate that the change touches.",
    ),
    running.server_options,
    click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        help="Write a report of that check, as `leadline check` does; repeat it for several.",
    ),
)
"""Add the options to a command; what they give is for `asked`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check gave: the exit *code*, and what there is to tell; *problem* is for standard error."""

    code: int
    section: Section | None = None
    problem: str = ""

    def told(self) -> int:
        """The exit code, once the problem is told, if there is any."""
        return fail(self.problem, self.code) if self.problem else self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The server at *url*, and how it is spoken to."""

    url: str
    access: Access
    timeout: float
    yes: bool
    wanted: Outputs

    def checked(self, old: Contract, new: Contract, found: Diff) -> Checked:
        """
        Hold the server to what *found* touches of *new*.

        Raises `click.UsageError` where a key, or a word about what is destructive, is missing, and
        `SpecError` for an invariant.
        """
        from leadline_contracts.impact.touched import touched

        with working("looking for the cases that the change touches"):
            chosen = touched(old, new, found)
        if chosen.tried:
            return self._sent(chosen)
        told = f"The change touches none of the {chosen.of:,} cases of the certificate: nothing is sent."
        lines = [told, *_unchecked(chosen)]
        section = _section("\n".join(lines), _value(self.url, chosen, None))
        if not chosen.unchecked:
            return Checked(code=HOLDS, section=section)
        problem = "nothing of what the change touches can be checked"
        return Checked(code=NOTHING_CHECKED, section=section, problem=problem)

    def _sent(self, chosen: Touched) -> Checked:
        from leadline_cli.progress import ProgressLine
        from leadline_contracts import run
        from leadline_contracts.coverage import Covered
        from leadline_contracts.reports import console
        from leadline_contracts.target import (
            HttpTarget,
            Unreachable,
            is_loopback,
            keyless,
        )

        try:
            target = HttpTarget(self.url, self.access, self.timeout)
            may_destroy = self.yes or is_loopback(target.url)
            if not may_destroy:
                running.refuse_to_destroy(chosen.contract, self.url)
            target.probe()
        except Unreachable as error:
            return Checked(code=NOTHING_CHECKED, problem=str(error))
        with closing(target), ProgressLine(quiet=False) as progress:
            if (operation := keyless(chosen.contract, self.access)) is not None:
                raise click.UsageError(
                    f"{operation.label} needs an API key: give --key, or set LEADLINE_KEY"
                )
            how = run.Options(certificate_only=True, destructive=may_destroy)
            report = run.check(chosen.contract, target, how, progress.show, chosen.make)
        # How much of the whole contract that exercises is not what was asked.
        shown = console.render(replace(report, coverage=Covered()), paint)
        text = f"{_sentence(chosen)}\n{shown}"
        section = _section(text, _value(self.url, chosen, report))
        return Checked(code=self.wanted.written(report), section=section)


def asked(
    url: str | None,
    key: str | None,
    headers: tuple[str, ...],
    timeout: float,
    yes: bool,
    reports: tuple[str, ...],
) -> Asked | None:
    """
    What the options ask for, `None` where no server is to be asked.

    Raises `click.UsageError` for options that do not fit together, `BadTarget` for what is no URL.
    """
    if url is None:
        _refuse(click.get_current_context())
        return None
    from leadline_cli.outputs import outputs
    from leadline_contracts.target import Access, address

    address(url)
    keys = keys_from((key,) if key else ())
    return Asked(
        url=url,
        access=Access(next(iter(keys), None), running.headers_from(headers)),
        timeout=timeout,
        yes=yes,
        wanted=outputs(reports, (), quiet=True),
    )


def _refuse(context: click.Context) -> None:
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if given and option.name in _ALONE:
            raise click.UsageError(f"{option.opts[0]} says nothing without --check")


def _sentence(chosen: Touched) -> str:
    turned = sum(map(len, chosen.turned.values()))
    more = f"\nand {turned:,} that only the old contract takes" if turned else ""
    return (
        f"Touched by the change: {chosen.count:,} of {chosen.of:,} cases of the certificate,"
        f" of {len(chosen.tried):,} of {chosen.operations:,} operations{more}"
    )


def _unchecked(chosen: Touched) -> Iterator[str]:
    """What is touched and cannot be tried, in the words of `leadline check`."""
    for label, reason in chosen.unchecked.items():
        yield f"{label} was not checked: {reason}"


def _value(url: str, chosen: Touched, report: Report | None) -> dict[str, object]:
    return {
        "url": url if report is None else report.url,
        "cases": chosen.count,
        "of": chosen.of,
        "turned": sum(map(len, chosen.turned.values())),
        "operations": [one.label for one in chosen.tried],
        "unchecked": dict(chosen.unchecked),
        "verdict": _verdict(chosen, report),
        "findings": [
            {
                "rule": one.breach.rule,
                "pointer": one.breach.pointer,
                "message": one.breach.message,
                "count": one.count,
            }
            for one in (report.findings if report else ())
        ],
    }


def _verdict(chosen: Touched, report: Report | None) -> str:
    if report is not None:
        return report.verdict
    return "nothing-checked" if chosen.unchecked else "nothing touched"


def _section(text: str, value: dict[str, object]) -> Section:
    markdown = "\n".join(["### What it touches of a server", "", *fenced(click.unstyle(text)), ""])
    return Section(name="check", value=value, text=text, markdown=markdown)
