"""What docs/profiles.md says is what the profiles do; what it leaves open is what the tests leave open."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from tests.conftest import ROOT

from leadline_mock.testing import in_process
from leadline_openapi import load, profiles

GUIDE = (ROOT / "docs" / "profiles.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+?) \| (\d{3}) \| (\d{3}) \| (\d{3}) \|$", GUIDE, re.MULTILINE)
KEYS = {"documented": "test-api-key"}
COMMANDS = re.findall(r"^leadline .*$", GUIDE, re.MULTILINE)


def _sent(said: str) -> tuple[bytes, str]:
    """The body that a row of the table names, and its media type."""
    if said == "nothing":
        return b"", "application/json"
    if "bytes" in said:
        texts = dict.fromkeys(("notes", "phone", "city"), "x" * 34000)
        return json.dumps(texts).encode().ljust(102_401), "application/json"
    text, _, media_type = said.partition(" as ")
    return text.strip("`").encode(), media_type.strip("`") or "application/json"


def _status(profile: str, said: str, *, key: bool) -> int:
    body, media_type = _sent(said)
    headers = {"Content-Type": media_type}
    if key:
        headers["Authorization"] = KEYS.get(profile, "users API-Key test-api-key")
    return _posted(profile, "", body, headers).status_code


def _posted(profile: str, query: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    mock = in_process(profile=profile)
    with httpx.Client(transport=mock.httpx_transport(), base_url=mock.url) as client:
        return client.post(f"/leads{query}", content=body, headers=headers)


def _cases() -> list[Any]:
    cases = []
    before = ""
    for said, *statuses in ROWS:
        again = said == "the same without a key"
        before = before if again else said
        cases += [
            pytest.param(profile, before, not again, int(status), id=f"{profile} {said}")
            for profile, status in zip(profiles.names(), statuses, strict=True)
        ]
    return cases


def test_the_guide_was_read() -> None:
    """The patterns above find what the guide holds."""
    assert (len(ROWS), len(COMMANDS)) == (16, 3)


@pytest.mark.parametrize(("profile", "said", "key", "status"), _cases())
def test_the_table(profile: str, said: str, key: bool, status: int) -> None:
    """Each profile answers with the status of its column."""
    assert _status(profile, said, key=key) == status


def test_the_overlays_of_the_table_are_those_of_the_profiles() -> None:
    """Nobody has to read the code to know which files make up a profile."""
    for name in profiles.names():
        (row,) = re.findall(rf"^\| `{name}` \| (.*?) \|", GUIDE, re.MULTILINE)
        assert re.findall(r"[a-z0-9-]+\.yaml", re.sub(r"\(.*?\)", "", row)) == [
            path.name for path in profiles.overlays(name)
        ]


@pytest.mark.parametrize("profile", ["payload-2", "payload-3"])
def test_what_is_left_stands_in_the_guide(profile: str) -> None:
    """The reasons that the comparison with the real server accepts, each once, and no other."""
    file = ROOT / "tests" / "real" / "fidelity" / f"{profile}.yaml"
    reasons = [one["reason"] for one in yaml.safe_load(file.read_text("utf-8"))]
    (told,) = re.findall(rf"^\*\*{profile}\*\*\n\n((?:- .*\n)+)", GUIDE, re.MULTILINE)

    assert set(told.replace("- ", "", 1).strip().split("\n- ")) == set(reasons)


def test_what_is_lost_is_named() -> None:
    """The request that the guide shows loses its name, its payment, and the type of its phone."""
    command = GUIDE[GUIDE.index("curl -s -i") :]
    (body,) = re.findall(r"-d '(.*?)'", command.split("```")[0])
    headers = {
        "Authorization": "users API-Key test-api-key",
        "Content-Type": "application/json",
    }

    answer = _posted("payload-3", "?depth=0", body.encode(), headers)

    doc = answer.json()["doc"]
    assert (answer.status_code, doc["monthlyPayment"], doc["phone"]) == (201, None, "5")
    assert "firstname" not in doc
    assert doc["firstName"] is None
    told = json.loads(answer.headers["Leadline-Violations"])
    assert {one["field"]: one["outcome"] for one in told} == {
        "firstname": "dropped",
        "monthlyPayment": "dropped",
        "phone": "coerced",
    }


def test_the_overlay_of_the_guide_fits_every_profile(tmp_path: Path) -> None:
    """The ids that a staging server has are added to any of them."""
    (text,) = re.findall(r"```yaml\n(overlay.*?)```", GUIDE, re.DOTALL)
    file = tmp_path / "staging.yaml"
    file.write_text(text, encoding="utf-8")
    for name in profiles.names():
        contract = load(None, profiles.stack(name, [file]))
        assert contract.document["components"]["schemas"]["DocumentId"]["enum"] == [1, 123]
