"""Notes by what code does with a class: it sends it, reads it, or both."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.openapi.migration.conftest import SPEC, Migrate, Package, execute

from leadline_openapi import diff, load
from leadline_openapi.migration import Migration, migration

CONTENT = "content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}\n"
BODY = f"      requestBody:\n        required: true\n        {CONTENT}"
ANSWER = f"        '200':\n          description: kept\n          {CONTENT}"
ID = "count: {type: integer, readOnly: true}"
NOTE = 'Note(text="text", author=Author(name="text"))'
REQUEST = NOTE.replace("Note", "NoteRequest")


def told(found: Migration) -> list[tuple[str, str, str]]:
    """What each note says, and its code."""
    return [(note.message, note.before, note.after) for note in found.notes]


def test_what_is_sent_is_a_class_of_its_own_now(migrate: Migrate) -> None:
    """What is read is still there, also where it requires what only the server gives."""
    *_, found = migrate(
        "[text, author]\n      properties:\n",
        "[text, author, id]\n      properties:\n        id: {type: integer, readOnly: true}\n",
    )

    assert "class NoteRequest(" in found.diff
    assert told(found) == [
        (
            "`NoteRequest` is what is sent now, `Note` is only read",
            f"note: Note = {NOTE}",
            f"note: NoteRequest = {REQUEST}",
        )
    ]


def test_a_member_that_is_only_answered_now_is_not_sent(migrate: Migrate) -> None:
    """It is not in the class for what is sent; nobody has to be told that what is read has it."""
    *_, found = migrate("count: {type: integer}", ID)

    assert told(found)[1:] == [
        (
            "`Note.count` is not in `NoteRequest`",
            'note = Note(text="text", count=1, author=Author(name="text"))',
            f"note = {REQUEST}",
        )
    ]


def test_a_class_that_is_sent_alone_is_followed_by_the_one_for_both(
    migrate: Migrate, package: Package
) -> None:
    """The other way round, where nothing is the server's alone any more."""
    old, new, _ = migrate("count: {type: integer}", ID)
    found = migration(new, old, diff(new, old))

    assert told(found) == [
        (
            "`NoteRequest` is gone, `Note` takes its place",
            f"note_request: NoteRequest = {REQUEST}",
            f"note_request: Note = {NOTE}",
        )
    ]
    execute(found.notes[0].before, package("models_of_old", new), "NoteRequest")
    execute(found.notes[0].after, package("models_of_new", old), "Note")


def test_what_holds_a_class_that_is_split_does_not_change_its_type(migrate: Migrate) -> None:
    """A class inside another is followed by the one for its side, and told once, at itself."""
    *_, found = migrate(
        "{name: {type: string},", "{id: {type: integer, readOnly: true}, name: {type: string},"
    )

    assert [note.message for note in found.notes] == [
        "`AuthorRequest` is what is sent now, `Author` is only read",
        "`NoteRequest` is what is sent now, `Note` is only read",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a, b, c]", "[a, b, c, d]"),
        ("[text, author]", "[text]"),
        ("count: {type: integer}", "count: {type: [integer, 'null']}"),
    ],
)
def test_what_is_only_sent_may_be_more(tmp_path: Path, before: str, after: str) -> None:
    """Code that gives values goes on with a class that takes more of them."""
    assert _of_side(tmp_path, ANSWER, before, after).notes == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a, b, c]", "[a, c]"),
        ("[text, author]", "[text, author, count]"),
        ("count: {type: integer}", "more: {type: integer}\n        count: {type: integer}"),
    ],
)
def test_what_is_only_read_may_be_less(tmp_path: Path, before: str, after: str) -> None:
    """Code that reads values goes on with a class that has fewer of them."""
    assert _of_side(tmp_path, BODY, before, after).notes == ()


def _of_side(folder: Path, without: str, before: str, after: str) -> Migration:
    """The migration where Note is used on one side, the spec being *without* the other one."""
    text = SPEC.replace(
        without, "        '204': {description: kept}\n" if without is ANSWER else ""
    )
    assert text != SPEC
    assert before in text
    (folder / "old.yaml").write_text(text, "utf-8")
    (folder / "new.yaml").write_text(text.replace(before, after), "utf-8")
    old, new = load(folder / "old.yaml"), load(folder / "new.yaml")
    return migration(old, new, diff(old, new))


def test_code_does_not_know_how_a_field_travels(tmp_path: Path) -> None:
    """A parameter and a member with the same name in Python ask nothing of it."""
    text = SPEC.replace("name: dry", "name: dry-run")
    (tmp_path / "old.yaml").write_text(text, "utf-8")
    (tmp_path / "new.yaml").write_text(
        text.replace("dry-run", "dry_run").replace("fallback-locale", "fallback_locale"), "utf-8"
    )
    old, new = load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")
    found = migration(old, new, diff(old, new))

    assert found.diff
    assert found.notes == ()


def test_a_project_may_have_one_class_for_both_sides(migrate: Migrate) -> None:
    """Then nothing is split."""
    old, new, _ = migrate("count: {type: integer}", ID)
    assert migration(old, new, diff(old, new), variants=False) == Migration("", ())


def test_a_union_of_classes_that_are_split_is_followed_as_a_class_is(tmp_path: Path) -> None:
    """An alias has another in its place as well, and the types in it are told at themselves."""
    split = (ROOT / "tests" / "models" / "specs" / "odd.yaml").read_text("utf-8")
    whole = split.replace("Only: true", "Only: false")
    assert whole != split
    (tmp_path / "old.yaml").write_text(whole, "utf-8")
    (tmp_path / "new.yaml").write_text(split, "utf-8")
    old, new = load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")
    found = migration(old, new, diff(old, new))

    assert [one for one in told(found) if "`Pet`" in one[0] or "`PetRequest`" in one[0]] == [
        (
            "`PetRequest` is what is sent now, `Pet` is only read",
            'pet: Pet = Cat(petType="text", id=1)',
            'pet: PetRequest = CatRequest(petType="text")',
        )
    ]
    assert {note.kind for note in found.notes} == {"class-replaced", "field-removed"}
