"""Notes for code that uses the generated models: they run, before on the old models and after on the new."""

from __future__ import annotations

import pydantic
import pytest
from tests.openapi.migration.conftest import Migrate, Package, execute

from leadline_openapi.migration import Migration

CHANGES = [
    (
        "[name]\n      properties: {name:",
        "[title]\n      properties: {title:",
        [("field-renamed", "`Author.name` is called `title` now")],
    ),
    ("a, b, c", "a, c", [("values-removed", '`Level` no longer takes `"b"`')]),
    ("low, high", "low", [("values-removed", '`Note.urgency` no longer takes `"high"`')]),
    (
        "low, high",
        "low, high, odd",
        [("values-added", '`Note.urgency` may be `"odd"` as well now')],
    ),
    (
        "[text, author]",
        "[text, author, count]",
        [("field-required", "`Note.count` has to be given now")],
    ),
    ("[text, author]", "[text]", [("field-optional", "`Note.author` may be missing now")]),
    (
        "count: {type: integer}",
        "count: {type: string}",
        [("type-changed", "`Note.count` is `StrictStr` now, and was `StrictInt`")],
    ),
    (
        "count: {type: integer}",
        "count: {type: [integer, 'null']}",
        [("type-changed", "`Note.count` is `StrictInt | None` now, and was `StrictInt`")],
    ),
    (
        "items: {type: string}",
        "items: {type: integer}",
        [("type-changed", "`Note.tags` is `list[StrictInt]` now, and was `list[StrictStr]`")],
    ),
    (
        "fallback-locale:",
        "fallbackLocale:",
        [("field-renamed", "`Note.fallback_locale` is called `fallbackLocale` now")],
    ),
    ("        count: {type: integer}\n", "", [("field-removed", "`Note.count` is gone")]),
    ("name: dry", "name: wet", [("field-removed", "`AddNoteQuery.dry` is gone")]),
    (
        "      parameters:\n        - {name: dry, in: query, schema: {type: boolean}}\n",
        "",
        [("class-removed", "`AddNoteQuery` is gone")],
    ),
]
REFUSED = {"field-required", "type-changed", "values-removed"}
"""After such a change, the new models refuse the values that were given before."""


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES)
def test_a_note_says_what_is_to_do_in_code_that_runs(
    migrate: Migrate,
    package: Package,
    before: str,
    after: str,
    expected: list[tuple[str, str]],
) -> None:
    """The code of before runs on the old models, that of after on the new ones."""
    old, new, found = migrate(before, after)
    assert [(note.kind, note.message) for note in found.notes] == expected
    (note,) = found.notes
    was, now = package("models_of_old", old), package("models_of_new", new)
    execute(note.before, was, note.name)
    execute(note.after, now, note.name)
    is_given = note.before.startswith(f"{note.name}(")
    if note.kind in REFUSED and is_given:
        with pytest.raises(pydantic.ValidationError):
            execute(note.before, now, note.name)
    if note.kind in {"field-renamed", "field-removed"}:
        assert note.field in getattr(was, note.name).model_fields
        assert note.field not in getattr(now, note.name).model_fields


def test_what_is_new_and_optional_asks_nothing_of_a_caller(migrate: Migrate) -> None:
    """The models have changed, and code that uses them goes on."""
    *_, found = migrate(
        "count: {type: integer}", "count: {type: integer}\n        more: {type: string}"
    )
    assert found.notes == ()
    assert "+    more: StrictStr | MISSING = MISSING\n" in found.diff


def test_the_diff_is_of_the_code_alone(migrate: Migrate) -> None:
    """Neither the names of the files nor their digests are part of it."""
    *_, found = migrate("low, high", "low")
    assert found.diff.startswith("--- old/models.py\n+++ new/models.py\n@@ ")
    changed = [line for line in found.diff.splitlines()[2:] if line[:1] in "+-"]
    assert changed == [
        '-    urgency: Literal["low", "high"] | MISSING = MISSING',
        '+    urgency: Literal["low"] | MISSING = MISSING',
    ]


def test_words_change_no_models(migrate: Migrate) -> None:
    """Another title and version are no change of the code."""
    *_, found = migrate("version: 1.0.0", "version: 2.0.0")
    assert found == Migration("", ())
