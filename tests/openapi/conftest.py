"""What the tests of the spec room share: documents of a few lines, written to a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import settings

from leadline_openapi import Contract, SpecError, load

# A slow machine is no failure, and no test here gets better by a hundred examples.
settings.register_profile("leadline-openapi", deadline=None, max_examples=50)
settings.load_profile("leadline-openapi")

Load = Callable[..., Contract]
Refuse = Callable[..., SpecError]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder below an empty folder, the working directory of the test."""
    inner = tmp_path / "spec"
    inner.mkdir()
    monkeypatch.chdir(inner)
    return inner


@pytest.fixture
def load_text(folder: Path) -> Load:
    """Loads a document given as text, with overlays and further files."""

    def load_text(
        text: str,
        *,
        name: str = "api.yaml",
        overlays: Sequence[str] = (),
        files: Mapping[str, str] | None = None,
    ) -> Contract:
        (folder / name).write_text(dedent(text), encoding="utf-8")
        for file, content in (files or {}).items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(dedent(content), encoding="utf-8")
        stack = []
        for number, overlay in enumerate(overlays):
            stack.append(folder / f"overlay{number}.yaml")
            stack[-1].write_text(dedent(overlay), encoding="utf-8")
        return load(folder / name, stack)

    return load_text


@pytest.fixture
def refuse(load_text: Load) -> Refuse:
    """Loads a document that has to be refused, and gives the error."""

    def refuse(text: str, **more: object) -> SpecError:
        with pytest.raises(SpecError) as caught:
            load_text(text, **more)
        return caught.value

    return refuse
