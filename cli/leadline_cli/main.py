"""The command `leadline`: parse, run one subcommand, turn errors into messages and exit codes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from leadline_cli.exits import BROKEN, DEFECT, INTERRUPTED, USAGE
from leadline_cli.terminal import fail

_COMMANDS = {
    "mock": "Serve a mock of the API that behaves as the contract says.",
    "check": "Hold a server to the contract, and say where it breaks it.",
    "compare": "Send the same cases to two servers, and say where they differ.",
    "mutate": "Say how strong a suite is on the contract.",
    "generate": "Write typed Pydantic models from the contract.",
    "diff": "Say what changed between two contracts, and whom it breaks.",
}
"""Named here with their one line, so that help imports none of them."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"leadline_cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="leadline", message="leadline %(version)s")
def cli() -> None:
    """
    One OpenAPI document is the line that everything is measured against.

    \b
    leadline mock                          a server to build against, on port 4010
    leadline check http://127.0.0.1:4010/api
                                           does that server keep the contract?
    leadline compare URL_A URL_B           is the one faithful to the other?
    leadline generate --check              are the committed models up to date?
    leadline diff main:api.yaml api.yaml   whom does the change break?
    leadline mutate --sample 50            which defects would the suite miss?

    Without --spec, the packaged contract of the leads API is used. Exit codes: 0 the contract holds,
    1 it is broken, 2 usage or spec error, 3 the target cannot be reached or nothing was checked.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line *arguments* (default: the process's own); gives the exit code."""
    try:
        code = cli.main(args=arguments, prog_name="leadline", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN
    except OSError as error:
        return fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), USAGE)
    except Exception as error:
        if not _is_ours(error):
            raise
        return fail(str(error), USAGE)
    return int(code or 0)


def main() -> None:
    """The entry point of the installed command."""
    try:
        code = run()
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
        code = fail("this is a defect of Leadline; please report it with what stands above", DEFECT)
    sys.exit(code)


def _is_ours(error: Exception) -> bool:
    """Whether *error* is a `LeadlineError`, without importing the spec room for `--help`."""
    return any(
        base.__name__ == "LeadlineError" and base.__module__.startswith("leadline_openapi")
        for base in type(error).__mro__
    )
