"""Overlays: what Overlay 1.0.0 says an action does, and what is refused instead of guessed at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.openapi.conftest import Load, Refuse

from leadline_openapi import load, profiles

SPEC = """\
openapi: 3.1.0
info: {title: T, version: '1', description: old, contact: {name: A}}
tags: [{name: a}, {name: b}, {name: c}, {name: d}]
paths: {}
"""
HEAD = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n"


def applied(load_text: Load, *overlays: str, spec: str = SPEC) -> Any:
    """The document with the actions of *overlays* applied."""
    return load_text(spec, overlays=[HEAD + one for one in overlays]).document


def test_update_merges_objects(load_text: Load) -> None:
    """Members are merged in depth: new ones added, objects merged, values replaced."""
    document = applied(
        load_text, "- {target: $.info, update: {description: new, contact: {email: a@b}}}"
    )

    assert document["info"] == {
        "title": "T",
        "version": "1",
        "description": "new",
        "contact": {"name": "A", "email": "a@b"},
    }


def test_update_of_the_root(load_text: Load) -> None:
    """`$` is the whole document, and arrays inside an update are concatenated."""
    document = applied(load_text, "- {target: $, update: {tags: [{name: e}]}}")

    assert [tag["name"] for tag in document["tags"]] == ["a", "b", "c", "d", "e"]


def test_update_appends_to_an_array(load_text: Load) -> None:
    """Where the target is an array, the update is one more item."""
    document = applied(load_text, "- {target: $.tags, update: {name: e}}")

    assert [tag["name"] for tag in document["tags"]] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("target", "left"),
    [
        ("$.tags[0, 2]", "bd"),
        ("$.tags[?@.name != 'b']", "b"),
        ("$.tags[2, 0, 2, 0]", "bd"),
        ("$.tags[-1]", "abc"),
    ],
)
def test_remove_items(load_text: Load, target: str, left: str) -> None:
    """Several items go at once, each of them once, whatever the order of the target."""
    document = applied(load_text, f'- {{target: "{target}", remove: true}}')

    assert "".join(tag["name"] for tag in document["tags"]) == left


def test_remove_nested(load_text: Load) -> None:
    """A target that selects an object and what is in it removes both."""
    document = applied(load_text, "- {target: '$.info[\"contact\"]', remove: true}")

    assert "contact" not in document["info"]
    assert (
        applied(load_text, "- {target: $.info.contact..*, remove: true}")["info"]["contact"] == {}
    )


def test_remove_wins_over_update(load_text: Load) -> None:
    """Beside `remove: true` an update has no impact (section 4.4.3)."""
    document = applied(load_text, "- {target: $.info.contact, update: {name: B}, remove: true}")

    assert "contact" not in document["info"]


def test_actions_apply_in_order(load_text: Load) -> None:
    """A later action sees what earlier ones did, in one overlay and over several."""
    first = """\
- {target: $.info, update: {x-note: {a: 1}}}
- {target: "$.info['x-note']", remove: true}
- {target: $.info, update: {description: first}}
"""
    document = applied(load_text, first, "- {target: \"$.info[?@ == 'first']\", remove: true}")

    assert "description" not in document["info"]
    assert "x-note" not in document["info"]


def test_every_match_gets_its_own_copy(load_text: Load) -> None:
    """What one action adds in two places can be changed in one of them."""
    document = applied(
        load_text,
        """\
- {target: '$.tags[0, 1]', update: {externalDocs: {url: /x}}}
- {target: '$.tags[0].externalDocs', update: {url: /y}}
""",
    )

    assert [tag["externalDocs"]["url"] for tag in document["tags"][:2]] == ["/y", "/x"]


def test_places_of_an_overlay(load_text: Load) -> None:
    """What an overlay adds is placed there; what it only touches stays where it was."""
    contract = load_text(
        SPEC, overlays=[HEAD + "- target: $.info\n  update:\n    contact: {email: a@b}\n"]
    )

    assert str(contract.place("/info/contact/email")).startswith("overlay0.yaml:6:15")
    assert str(contract.place("/info/contact/name")).startswith("api.yaml:2:")
    assert str(contract.place("/info/contact/email/none")).startswith("overlay0.yaml:6:15")


def test_a_reference_of_an_overlay_is_one_of_the_document(load_text: Load) -> None:
    """Overlays come before references: they may use what the document or other files define."""
    contract = load_text(
        SPEC,
        overlays=[
            HEAD + "- {target: $, update: {components: {schemas: {A: {$ref: 'a.yaml#/A'}}}}}"
        ],
        files={"a.yaml": "A: {type: string}"},
    )

    assert contract.document["components"]["schemas"]["A"] == {"$ref": "#/components/schemas/A_2"}


BAD = {
    "matches nothing": (
        "- {target: $.paths.x, update: {}}",
        4,
        "the target matches nothing: $.paths.x",
    ),
    "matches nothing to remove": ("- {target: '$.tags[9]', remove: true}", 4, "matches nothing"),
    "no JSONPath": ("- {target: 'info', update: {}}", 4, "the target is not JSONPath (RFC 9535)"),
    "unfinished JSONPath": ("- {target: '$.tags[', update: {}}", 4, "the target is not JSONPath"),
    "no target": ("- {update: {}}", 4, "an action needs a `target`"),
    "no object": ("- target", 4, "an action needs a `target`"),
    "nothing to do": ("- {target: $.info}", 4, "needs `update` or `remove: true`"),
    "remove: false": ("- {target: $.info, remove: false}", 4, "needs `update` or `remove: true`"),
    "remove: yes": ("- {target: $.info, remove: yes}", 4, "`remove` must be `true` or `false`"),
    "misspelt": ("- {target: $.info, updates: {}}", 4, "did you mean `update`?"),
    "copy": ("- {target: $.info, copy: $.x}", 4, "an action has no `copy`"),
    "a value": ("- {target: $.info.title, update: x}", 4, "the update does not fit its target"),
    "a list into an object": ("- {target: $.info, update: [1]}", 4, "does not fit its target"),
    "the whole document": (
        "- {target: $, remove: true}",
        4,
        "the whole document cannot be removed",
    ),
    "unknown word": (
        "- {target: $.info, update: {x-vendor: 1}}",
        4,
        "is no extension that Leadline",
    ),
    "makes it invalid": (
        "- {target: $.info, update: {titel: x}}",
        4,
        "`titel` is not allowed here",
    ),
}


@pytest.mark.parametrize(("action", "line", "message"), BAD.values(), ids=list(BAD))
def test_bad_action(refuse: Refuse, action: str, line: int, message: str) -> None:
    """What an overlay gets wrong is reported in the overlay."""
    error = refuse(SPEC, overlays=[HEAD + action])

    assert message in str(error)
    assert (error.place.file, error.place.line) == ("overlay0.yaml", line)
    assert "\n" not in error.problem


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        (SPEC, "this is an OpenAPI document: pass it as the spec"),
        ("a: 1\n", "not an overlay: `overlay` is missing"),
        ("overlay: 1.1.0\n", "overlay version `1.1.0` is not supported"),
        ("overlay: 1.0\n", "overlay version `1.0` is not supported"),
        ("overlay: 1.0.0\n", "at least one entry in `actions`"),
        ("overlay: 1.0.0\nactions: []\n", "at least one entry in `actions`"),
        ("overlay: 1.0.0\nactions: {}\n", "at least one entry in `actions`"),
        ("- 1\n", "the document is not an object"),
    ],
)
def test_no_overlay(refuse: Refuse, overlay: str, message: str) -> None:
    """A file that is no overlay of this version is refused, with what to do."""
    error = refuse(SPEC, overlays=[overlay])

    assert message in str(error)
    assert error.place.file == "overlay0.yaml"


def test_overlays_come_after_those_of_a_profile(tmp_path: Path) -> None:
    """A profile and overlays together: both are applied, and what is given by file has the last word."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "overlay: 1.0.0\ninfo: {title: Mine, version: '1'}\nactions:\n"
        "- {target: $.info, update: {title: Mine}}\n"
    )
    contract = load(None, profiles.stack("documented", [mine]))

    assert contract.title == "Mine"
    assert contract.operations[0].answers[0].body.content[0].echoes
    assert (profiles.stack(None, []), profiles.stack(None, [mine])) == (None, (mine,))
