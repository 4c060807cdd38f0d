"""`[tool.leadline]` in `pyproject.toml`: found, obeyed by every command, refused where it is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest
from tests.conftest import ROOT, running_mock

from leadline_cli.main import run

SPECS = ROOT / "tests" / "openapi" / "specs"
TITLE = (
    "overlay: 1.0.0\ninfo: {title: O, version: '1'}\n"
    "actions: [{target: $.info, update: {title: %s}}]\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a contract in a folder, where somebody works in another folder."""
    (tmp_path / "api").mkdir()
    (tmp_path / "src" / "deep").mkdir(parents=True)
    shutil.copy(SPECS / "catalogue.yaml", tmp_path / "api" / "catalogue.yaml")
    shutil.copy(ROOT / "tests" / "models" / "specs" / "shelter.yaml", tmp_path / "shelter.yaml")
    monkeypatch.chdir(tmp_path / "src" / "deep")
    return tmp_path


def write(project: Path, text: str) -> None:
    """Write the project's options."""
    (project / "pyproject.toml").write_text(f"[project]\nname = 'x'\n{text}", "utf-8")


WHOLE = """
[tool.leadline]
spec = "shelter.yaml"
[tool.leadline.generate]
output = "src/shelter_models"
variants = false
"""


def test_the_options_of_the_project_are_found_from_below(project: Path) -> None:
    """Paths start at the file, wherever the command runs, and the header names no option."""
    write(project, WHOLE)
    (project / "src" / "pyproject.toml").write_text("[tool.ruff]\nline-length = 90\n", "utf-8")

    assert run(["generate"]) == 0

    text = (project / "src" / "shelter_models" / "models.py").read_text("utf-8")
    assert "# Regenerate: leadline generate\n" in text
    assert "class Animal(JsonObject)" in text
    assert "AnimalRequest" not in text
    assert run(["generate", "--check"]) == 0


def test_the_command_line_wins(project: Path) -> None:
    """Each option that is named takes the place of the one that is written down."""
    write(project, WHOLE)

    assert run(["generate", "--variants", "--output", "here"]) == 0

    text = Path("here", "models.py").read_text("utf-8")
    assert "class AnimalRequest(JsonObject)" in text
    assert "# Regenerate: leadline generate --variants\n" in text
    assert not (project / "src" / "shelter_models").exists()


def test_check_does_not_mind_how_the_options_were_given(project: Path) -> None:
    """Models are up to date also where another command would write the same."""
    write(project, WHOLE)
    assert run(["generate"]) == 0

    written = ["--spec", str(project / "shelter.yaml"), "--no-variants"]
    assert run(["generate", "--check", *written, "--output", "../shelter_models"]) == 0


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ((), "Mine"),
        (("--overlay", "{}/b.yaml"), "Yours"),
        (("--spec", "../../shelter.yaml"), "Mine"),
        (("--spec", "{}/shelter.yaml", "--overlay", "{}/b.yaml"), "Yours"),
        (("--spec", "{}/api/catalogue.yaml"), "Catalogue"),
    ],
)
def test_every_command_takes_the_contract_that_is_written_down(
    project: Path, options: tuple[str, ...], title: str
) -> None:
    """
    Overlays that are named replace those written down; with another spec, none of these count.

    The one that is written down is the same however it is named.
    """
    (project / "a.yaml").write_text(TITLE % "Mine", "utf-8")
    (project / "b.yaml").write_text(TITLE % "Yours", "utf-8")
    write(project, '[tool.leadline]\nspec = "shelter.yaml"\noverlays = ["a.yaml"]\n')

    given = [option.format(project) for option in options]
    with running_mock(*given, cwd=Path.cwd()) as ready:
        assert ready["title"].startswith(title)
        health = f"{httpx.URL(ready['url']).copy_with(path='/__leadline/health')}"
        assert httpx.get(health).status_code == 200


def test_a_profile_may_be_written_down(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The stack of overlays has its name there as on the command line."""
    write(project, '[tool.leadline]\nprofile = "payload-2"\n')

    with running_mock(cwd=Path.cwd()) as written, running_mock("--profile", "payload-2") as named:
        assert written["digest"] == named["digest"]


def test_another_contract_leaves_the_models_of_the_project_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the folder nor the variants that are written down are for it."""
    write(project, WHOLE)
    assert run(["generate"]) == 0
    before = (project / "src" / "shelter_models" / "models.py").read_bytes()
    shutil.copy(project / "shelter.yaml", "copy.yaml")

    assert run(["generate", "--spec", "copy.yaml"]) == 0

    assert (project / "src" / "shelter_models" / "models.py").read_bytes() == before
    assert "AnimalRequest" in Path("generated", "leadline_models", "models.py").read_text("utf-8")
    assert "wrote 5 files to generated/leadline_models" in capsys.readouterr().err


GENERATE = "[tool.leadline.generate]\n"
MISTAKES = [
    ("spek = 'a'", "`tool.leadline.spek`: there is no such option\nhint: did you mean `spec`?"),
    (
        f"{GENERATE}zzz = 1",
        "`tool.leadline.generate.zzz`: there is no such option\nhint: there are: output, variants",
    ),
    ("spec = 3", "`tool.leadline.spec` is the name of a file"),
    ("spec = ''", "`tool.leadline.spec` is the name of a file"),
    ("overlays = 'a.yaml'", "`tool.leadline.overlays` is a list of files"),
    ("overlays = [1]", "`tool.leadline.overlays` is a list of files"),
    ("profile = 'payload'", "`tool.leadline.profile` is one of: documented, payload-2"),
    ("profile = []", "`tool.leadline.profile` is one of: documented, payload-2"),
    ("generate = 'x'", "`tool.leadline.generate` is a table"),
    ("[[tool.leadline.generate]]", "`tool.leadline.generate` is a table"),
    (f"{GENERATE}variants = 'no'", "`tool.leadline.generate.variants` is true or false"),
    (f"{GENERATE}output = true", "`tool.leadline.generate.output` is the name"),
    ("spec = api.yaml", "this is not TOML: "),
]


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_what_is_wrong_is_named(
    project: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """File and key, and what is due; nothing is written, whatever the command."""
    write(project, f"[tool.leadline]\n{text}\n")

    assert run(["generate"]) == 2
    assert run(["check", "http://127.0.0.1:1"]) == 2

    printed = capsys.readouterr()
    assert printed.err.count(told) == 2
    assert printed.err.count("pyproject.toml: ") == 2
    assert printed.out == ""
    assert not (Path("generated")).exists()


def test_a_spec_that_is_written_down_and_missing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named as any other that is not there."""
    write(project, '[tool.leadline]\nspec = "api/none.yaml"\n')

    assert run(["generate"]) == 2
    assert f"{project}/api/none.yaml: there is no such file" in capsys.readouterr().err


def test_a_broken_file_that_is_not_about_leadline_is_left_to_others(project: Path) -> None:
    """Nobody has to repair it to use Leadline."""
    (project / "pyproject.toml").write_text("[project\n", "utf-8")

    assert run(["generate", "--output", "out"]) == 0
