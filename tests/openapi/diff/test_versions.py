"""The step that changes ask for, and whether `info.version` makes it."""

from __future__ import annotations

import pytest

from leadline_openapi.diff.change import Bump
from leadline_openapi.diff.versions import bump, version


@pytest.mark.parametrize(
    ("old", "new", "step", "proposed", "enough"),
    [
        ("1.2.3", "2.0.0", "major", "2.0.0", True),
        ("1.2.3", "1.3.0", "major", "2.0.0", False),
        ("1.2.3", "3.1.0", "major", "2.0.0", True),
        ("1.2.3", "1.3.0", "minor", "1.3.0", True),
        ("1.2.3", "1.2.4", "minor", "1.3.0", False),
        ("1.2.3", "1.2.3", "patch", "1.2.4", False),
        ("1.2.3", "1.2.3", "none", "1.2.3", True),
        ("0.4.1", "0.5.0", "major", "0.5.0", True),
        ("0.4.1", "0.4.2", "major", "0.5.0", False),
        ("0.4.1", "0.4.2", "minor", "0.4.2", True),
        ("2.0.0-rc.1", "2.0.0", "major", "2.0.0", True),
        ("1.9.0", "2.0.0-rc.1", "major", "2.0.0", True),
        ("2.0.0-rc.2", "2.0.0-rc.1", "major", "2.0.0", False),
        ("2.0.0-rc.9", "2.0.0-rc.10", "major", "2.0.0", True),
        ("2.0.0-rc", "2.0.0-1", "major", "2.0.0", False),
        ("2.0.0-rc.1", "2.0.0-rc.1.1", "major", "2.0.0", True),
        ("01.2.3", "2.0.0", "major", None, None),
        ("1.2.3-01", "2.0.0", "major", None, None),
        ("v1.0", "v1.1", "minor", None, None),
        ("2024-01-01", "2024-02-01", "major", None, None),
    ],
)
def test_a_version_is_held_to_the_step(
    old: str, new: str, step: Bump, proposed: str | None, enough: bool | None
) -> None:
    """A larger step is enough, a smaller one is not; before 1.0.0 the minor version is the major one."""
    found = version(old, new, step)

    assert (found.proposed, found.enough) == (proposed, enough)


def test_words_alone_are_a_patch() -> None:
    """Nothing changed asks for nothing, another description for a patch."""
    assert bump("none", is_changed=False) == "none"
    assert bump("none", is_changed=True) == "patch"
    assert bump("non-breaking", is_changed=True) == "minor"
    assert bump("breaking", is_changed=True) == "major"
