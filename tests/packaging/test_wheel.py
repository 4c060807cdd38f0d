"""What users install: the wheel, outside the checkout, in an environment that has nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from tests.conftest import ROOT, running_mock

PACKAGES = {
    "leadline_cli",
    "leadline_contracts",
    "leadline_mock",
    "leadline_models",
    "leadline_openapi",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([*pip, str(ROOT)], check=True)
    (built,) = folder.glob("leadline-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel)], check=True)
    return programs


def test_the_wheel_holds_our_packages_and_no_others(wheel: Path) -> None:
    """Nothing of ours shadows anybody's `mock`, and the contract comes along."""
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    assert "leadline_openapi/bundled/leads.yaml" in names
    assert "leadline_openapi/bundled/overlays/contract.yaml" in names


def test_mock_and_check_work_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    """The installed command serves the packaged contract and holds a server to it."""
    leadline = str(installed / "leadline")
    with running_mock(cwd=tmp_path, program=[leadline]) as ready:
        check = [leadline, "check", ready["url"], "--key", "test-api-key"]
        done = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("The contract holds: Leads 1.0.0, ")


def test_the_pytest_suite_comes_along(installed: Path, tmp_path: Path) -> None:
    """`pytest --pyargs leadline_contracts` finds the packaged suite and its options."""
    command = [str(installed / "python"), "-m", "pytest", "-q", "--pyargs", "leadline_contracts"]
    done = subprocess.run(
        [*command, "-k", "credentials", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^[1-9]\d* passed", done.stdout, re.MULTILINE)


def test_the_models_are_importable_without_warnings(installed: Path, tmp_path: Path) -> None:
    """The generated package works where it is installed, with warnings as errors."""
    code = "import leadline_models as m; m.LeadRequest.model_validate({'firstName': 'Ada'})"
    subprocess.run([str(installed / "python"), "-W", "error", "-c", code], cwd=tmp_path, check=True)


def test_generate_gives_the_packaged_models(installed: Path, tmp_path: Path) -> None:
    """The installed generator writes, byte for byte, what the wheel holds."""
    leadline = str(installed / "leadline")
    subprocess.run([leadline, "generate", "--output", "out"], cwd=tmp_path, check=True)
    packaged = ROOT / "generated" / "leadline_models"

    made = {file.name: file.read_bytes() for file in (tmp_path / "out").glob("*.py")}
    assert made == {file.name: file.read_bytes() for file in packaged.glob("*.py")}
