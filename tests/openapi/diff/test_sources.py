"""Contracts come from files, revisions and URLs; what cannot be had is told in one sentence."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from leadline_openapi import SpecError
from leadline_openapi.diff import web
from leadline_openapi.diff.sources import contract_from

SPEC = """\
openapi: 3.1.1
info: {{title: Notes, version: {version}}}
paths:
  /notes:
    post:
      requestBody:
        content: {{application/json: {{schema: {{$ref: 'parts/note%20schema.yaml#/Note'}}}}}}
      responses: {{'204': {{description: ok}}}}
"""
NOTE = "Note: {type: object, properties: {text: {$ref: '../more.yaml'}}}\n"


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def _write(folder: Path, version: str, length: int) -> None:
    (folder / "api" / "parts").mkdir(parents=True, exist_ok=True)
    (folder / "api" / "notes.yaml").write_text(SPEC.format(version=version), "utf-8")
    (folder / "api" / "parts" / "note schema.yaml").write_text(NOTE, "utf-8")
    (folder / "api" / "more.yaml").write_text(f"type: string\nmaxLength: {length}\n", "utf-8")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a contract in three files, which has changed since the first of two commits."""
    folder = tmp_path / "repository"
    folder.mkdir()
    _git(folder, "init", "--quiet")
    _write(folder, "1.0.0", 5)
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", "one")
    _write(folder, "1.1.0", 7)
    _git(folder, "commit", "--quiet", "-am", "two")
    _write(folder, "1.2.0", 9)
    monkeypatch.chdir(folder)
    return folder


_LENGTH = "/components/schemas/more/maxLength"


def test_a_revision_is_read_with_its_own_files(repository: Path) -> None:
    """What the contract refers to comes from the revision, and not from the work tree."""
    found = contract_from("HEAD~1:api/notes.yaml")

    assert found.version == "1.0.0"
    assert found.document["components"]["schemas"]["more"]["maxLength"] == 5
    assert found.source == "HEAD~1:api/notes.yaml"


def test_places_in_a_revision_name_it(repository: Path) -> None:
    """A file of a revision is told as git would name it, and not where it was put."""
    place = contract_from("HEAD:api/notes.yaml").place(_LENGTH)

    assert (place.file, place.line) == ("HEAD:api/more.yaml", 2)


def test_a_file_that_exists_is_that_file(repository: Path) -> None:
    """The work tree is meant where no revision is named."""
    assert contract_from("api/notes.yaml").version == "1.2.0"


def test_paths_start_at_the_root_or_here(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for git: with `./` from the folder one is in, else from the root."""
    monkeypatch.chdir(repository / "api")

    assert contract_from("HEAD:api/notes.yaml").version == "1.1.0"
    assert contract_from("HEAD:./notes.yaml").version == "1.1.0"


def test_what_is_staged_is_written_as_for_git(repository: Path) -> None:
    """Without a revision before the colon: neither the last commit nor the work tree."""
    _git(repository, "add", ".")
    _write(repository, "1.3.0", 11)
    found = contract_from(":api/notes.yaml")

    assert found.version == "1.2.0"
    assert found.document["components"]["schemas"]["more"]["maxLength"] == 9
    assert found.place(_LENGTH).file == ":api/more.yaml"
    assert _refused(":api/no.yaml").problem == (
        "there is no file `api/no.yaml` among what is staged"
    )


def _overlay(name: str, text: str) -> Path:
    path = Path("api", name)
    path.write_text(
        "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n"
        f"  - {{target: $.info, update: {{description: {text}}}}}\n",
        "utf-8",
    )
    return path


def _described(source: str, *overlays: Path) -> object:
    return contract_from(source, overlays).document["info"].get("description")


def test_an_overlay_changes_with_the_contract(repository: Path) -> None:
    """To a revision belongs the overlay that it has, and none that it did not have yet."""
    known = _overlay("known.yaml", "v1")
    _git(repository, "add", ".")
    _git(repository, "commit", "--quiet", "-m", "three")
    known = _overlay("known.yaml", "v2")
    _git(repository, "add", ".")
    known = _overlay("known.yaml", "v3")

    assert _described("HEAD~1:api/notes.yaml", known) is None
    assert _described("HEAD:api/notes.yaml", known) == "v1"
    assert _described(":api/notes.yaml", known) == "v2"
    assert _described("api/notes.yaml", known) == "v3"


@pytest.mark.usefixtures("repository")
def test_an_overlay_that_git_does_not_know_is_applied_as_it_is(tmp_path: Path) -> None:
    """It says the same about every revision, whether it lies in the repository or not."""
    outside = _overlay("unknown.yaml", "v2").rename(tmp_path / "outside.yaml")
    within = _overlay("unknown.yaml", "v1")

    assert _described("HEAD:api/notes.yaml", outside) == "v2"
    assert _described("HEAD:api/notes.yaml", within, outside) == "v2"
    assert _described("HEAD:api/notes.yaml", outside, within) == "v1"


def test_places_in_an_overlay_of_a_revision_name_it(repository: Path) -> None:
    """An overlay that the revision could not have is an error of that revision."""
    overlay = _overlay("known.yaml", "[")
    _git(repository, "add", ".")
    _git(repository, "commit", "--quiet", "-m", "three")
    _overlay("known.yaml", "v1")

    with pytest.raises(SpecError) as caught:
        contract_from("HEAD:api/notes.yaml", [overlay])
    assert caught.value.place.file == "HEAD:api/known.yaml"


def _refused(source: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        contract_from(source)
    return caught.value


def test_an_unknown_revision_is_told(repository: Path) -> None:
    """It may be missing in a shallow clone."""
    error = _refused("nowhere:api/notes.yaml")

    assert error.problem == "the repository has no revision `nowhere`"
    assert "shallow clone" in error.hint


def test_a_renamed_file_is_found_in_the_hint(repository: Path) -> None:
    """Git knows what it was called then."""
    _git(repository, "mv", "api/notes.yaml", "api/memos.yaml")
    error = _refused("HEAD:api/memos.yaml")

    assert error.problem == "there is no file `api/memos.yaml` in the revision `HEAD`"
    assert error.hint == "it was called `api/notes.yaml` then: write `HEAD:api/notes.yaml`"


def test_a_path_from_here_is_found_in_the_hint(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is in a folder may forget that paths start at the root."""
    monkeypatch.chdir(repository / "api")

    assert "write `HEAD:api/notes.yaml`" in _refused("HEAD:notes.yaml").hint


def test_without_a_repository_there_are_no_revisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a file nor a revision: both are said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert "no git repository here" in _refused("HEAD:api/notes.yaml").problem


def test_without_git_there_are_no_revisions(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that has no git can still compare files."""
    monkeypatch.setenv("PATH", "")

    assert _refused("HEAD:api/notes.yaml").problem == "git is not installed"


def test_an_option_is_no_revision(repository: Path) -> None:
    """Nothing that is given reaches git as an option."""
    assert _refused("--output=x:api/notes.yaml").problem == "there is no such file"
    assert not (repository / "x").exists()


def test_an_error_in_a_revision_names_its_place(repository: Path) -> None:
    """File, line and pointer of that revision."""
    (repository / "api" / "more.yaml").write_text("type: string\nmaxLength: many\n", "utf-8")
    _git(repository, "commit", "--quiet", "-am", "three")

    error = _refused("HEAD:api/notes.yaml")

    assert str(error.place).startswith("HEAD:api/more.yaml:2")


def test_a_file_that_the_revision_lacks_is_told(repository: Path) -> None:
    """It is not taken from the work tree, where it lies."""
    _git(repository, "rm", "--quiet", "--cached", "api/more.yaml")
    _git(repository, "commit", "--quiet", "-m", "three")

    error = _refused("HEAD:api/notes.yaml")

    assert error.problem == "`$ref` to a file that does not exist: ../more.yaml"
    assert error.place.file == "HEAD:api/parts/note schema.yaml"


@contextmanager
def _serving(
    status: int, body: bytes, *, step: int = 1 << 20, headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/yaml", **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # who has heard enough hangs up
                for start in range(0, len(body), step):
                    self.wfile.write(body[start:][:step])
                    time.sleep(0.01 if step < len(body) else 0)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api"
        finally:
            server.shutdown()
            thread.join()


_SMALL = b"openapi: 3.1.1\ninfo: {title: T, version: '7'}\npaths: {}\n"


def test_a_url_that_is_given_is_fetched() -> None:
    """As YAML or as JSON; it is named without what may be secret in it."""
    with _serving(200, _SMALL) as url:
        found = contract_from(f"{url.replace('//', '//user:secret@')}?token=secret")

    assert (found.version, found.source) == ("7", url)


def test_what_a_server_refuses_is_told() -> None:
    """With its status, and without the key in the URL."""
    with _serving(404, b"") as url:
        error = _refused(f"{url}?token=secret")

    assert (error.problem, error.place.file) == ("the server answered 404", url)
    assert "secret" not in str(error)


def test_a_server_that_is_not_there_is_told() -> None:
    """One sentence, not a stack of library errors."""
    with _serving(200, _SMALL) as url:
        pass

    error = _refused(f"{url}?token=secret")

    assert error.problem == "it cannot be fetched: no connection"
    assert "secret" not in str(error)


def test_a_document_without_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of what is fetched is bounded."""
    monkeypatch.setattr(web, "MAX_BYTES", 1000)
    with _serving(200, _SMALL + b"#" * 2000) as url:
        assert "larger than 1,000 bytes" in _refused(url).problem


def test_a_slow_document_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of a download is bounded."""
    monkeypatch.setattr(web, "_PATIENCE", 0.05)
    with _serving(200, _SMALL + b"#" * 2000, step=1) as url:
        assert "was not there after" in _refused(url).problem


def test_a_document_that_is_packed_wrongly_is_told() -> None:
    """One sentence as well."""
    with _serving(200, _SMALL, headers={"Content-Encoding": "gzip"}) as url:
        assert _refused(url).problem == (
            "it cannot be fetched: the answer is not compressed as it says"
        )
    with _serving(200, _SMALL, headers={"Content-Length": "1000"}) as url:
        assert _refused(url).problem == "it cannot be fetched: the answer broke off"


def test_files_beside_a_url_are_not_fetched() -> None:
    """Only the URL that was given is."""
    with _serving(200, SPEC.format(version="1").encode()) as url:
        error = _refused(url)

    assert error.place.file == url
    assert error.problem.startswith("`$ref` to a file that does not exist")


@pytest.mark.parametrize("address", ["ftp://example.com/a.yaml", "file:///a.yaml"])
def test_only_two_kinds_of_addresses_are_fetched(address: str) -> None:
    """Others are no revisions, and named as what they are."""
    error = _refused(address)

    assert error.problem == "only http:// and https:// are fetched"
