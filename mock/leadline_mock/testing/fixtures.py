"""What the pytest fixtures do: from configuration, command line and markers to a running mock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import pytest

from leadline_mock.testing.making import CONTRACT, BadMock, check_names
from leadline_mock.testing.running import RunningMock, serving
from leadline_openapi import LeadlineError

_MARKER = "leadline"

_Given = Mapping[str, Any]


@contextmanager
def for_session(config: pytest.Config) -> Iterator[RunningMock]:
    """The mock that command line and configuration describe; what is wrong with them fails the test."""
    with _failing():
        context = serving(**_configured(config))
    with context as mock:
        yield mock


@contextmanager
def for_test(node: pytest.Item) -> Iterator[RunningMock]:
    """As `for_session`, where the markers of *node* say nothing else."""
    with _failing():
        given = _configured(node.config)
        for marker in reversed(list(node.iter_markers(_MARKER))):
            given = _over(given, _marked(marker, node.config.rootpath))
        context = serving(**given)
    with context as mock:
        yield mock


@contextmanager
def _failing() -> Iterator[None]:
    """Where a mock cannot be had, the reason is told and no trace."""
    try:
        yield
    except LeadlineError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _configured(config: pytest.Config) -> dict[str, Any]:
    spec = config.getini("leadline_spec")
    here = config.invocation_params.dir
    folder = config.inipath.parent if config.inipath else here
    written = {
        "spec": folder / spec if spec else None,
        "profile": config.getini("leadline_profile"),
        "overlays": config.getini("leadline_overlays"),
    }
    named = config.getoption("--leadline-spec", None)
    typed = {
        "spec": here / named if named else None,
        "profile": config.getoption("--leadline-profile", None),
        "overlays": [here / one for one in config.getoption("--leadline-overlay", None) or ()],
    }
    return _over(_said(written), _said(typed))


def _said(options: _Given) -> _Given:
    return {name: value for name, value in options.items() if value}


def _over(below: _Given, above: _Given) -> dict[str, Any]:
    """*below* with *above* taking precedence; another spec leaves the overlays of the first behind."""
    is_other = "spec" in above or "contract" in above
    kept = {name: value for name, value in below.items() if not (is_other and name in CONTRACT)}
    return {**kept, **above}


def _marked(marker: pytest.Mark, root: Path) -> _Given:
    """The options in *marker*; names of files are relative to *root*."""
    if marker.args:
        raise BadMock(f"the marker `{_MARKER}` takes options by name, as in spec='openapi.yaml'")
    check_names(marker.kwargs)
    given = dict(marker.kwargs)
    if isinstance(given.get("spec"), str | PathLike):
        given["spec"] = root / given["spec"]
    if isinstance(given.get("overlays"), list | tuple):
        given["overlays"] = [
            root / one if isinstance(one, str | PathLike) else one for one in given["overlays"]
        ]
    return given
