"""The options of `pytest --pyargs leadline_contracts`; loaded by every pytest, so it imports nothing."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say which server is held to which contract."""
    group = parser.getgroup("leadline", "hold a server to an OpenAPI contract")
    group.addoption(
        "--leadline-url",
        metavar="URL",
        help="the server's base URL; without it, the mock of the contract in this process",
    )
    group.addoption(
        "--leadline-spec", metavar="FILE", help="OpenAPI document (default: the leads API)"
    )
    group.addoption("--leadline-profile", metavar="NAME", help="named stack of overlays")
    group.addoption(
        "--leadline-overlay",
        metavar="FILE",
        action="append",
        default=[],
        help="overlay to apply; may be repeated",
    )
    group.addoption(
        "--leadline-yes",
        action="store_true",
        help="allow methods that overwrite or delete on a host that is not this machine",
    )
    group.addoption("--leadline-key", metavar="KEY", help="API key (default: LEADLINE_KEY)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give the packaged suite its cases; other people's tests are left alone."""
    wanted = {"leadline_case", "leadline_operation"} & set(metafunc.fixturenames)
    if not wanted or not _is_ours(metafunc.definition.path):
        return
    from leadline_contracts.suite import session

    if "leadline_operation" in wanted:
        operations = session.operations(metafunc.config)
        labels = [operation.label for operation in operations]
        metafunc.parametrize("leadline_operation", operations, ids=labels)
    else:
        cases = session.cases(metafunc.config)
        metafunc.parametrize("leadline_case", cases, ids=session.ids(cases))


def _is_ours(path: Path) -> bool:
    return path.parent == Path(__file__).parent / "suite"
