"""Mutants: servers with one defect, which the suite has to find, and the ruling whether it is one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from leadline_contracts import oracles
from leadline_contracts.mutants import FAMILIES, derive, pool
from leadline_contracts.mutants.mutant import Mutant, Standing
from leadline_contracts.mutants.score import Score
from leadline_contracts.mutants.trial import Verdict, attempt, certificate, chosen
from leadline_contracts.oracles import echo
from leadline_openapi import Contract, load

NOTES = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
servers: [{url: /v2}]
security: [{token: []}]
components:
  securitySchemes: {token: {type: apiKey, in: query, name: token}}
  schemas:
    Note:
      type: object
      required: [text]
      additionalProperties: false
      properties:
        text: {type: string, maxLength: 20}
        colour: {type: string, enum: [red, blue]}
        day: {type: string, format: date}
        seen: {type: boolean}
    Stored:
      type: object
      required: [id, note]
      properties:
        id: {type: string, readOnly: true, x-server-value: uuid}
        note: {allOf: [{$ref: '#/components/schemas/Note'}], x-echo: $request.body}
        hint: {type: string}
paths:
  /notes/{box}:
    post:
      parameters:
        - {name: box, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: draft, in: query, schema: {type: boolean}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '201':
          description: made
          headers: {X-Left: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Stored'}}}
        '400': {description: bad}
        '401': {description: who}
        '415': {description: what}
    get:
      parameters:
        - {name: box, in: path, required: true, schema: {type: integer, minimum: 1}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array}}}}
        '400': {description: bad}
        '401': {description: who}
"""
PLACE = "notes.box.post"


@pytest.fixture(scope="module")
def notes_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another contract than the packaged one."""
    path = tmp_path_factory.mktemp("mutants") / "notes.yaml"
    path.write_text(NOTES, "utf-8")
    return path


@pytest.fixture(scope="module")
def notes(notes_file: Path) -> Contract:
    return load(notes_file)


@pytest.fixture(scope="module")
def of_notes(notes: Contract) -> dict[str, Mutant]:
    """Its mutants by id."""
    return {one.id: one for one in derive(notes)}


@pytest.fixture(scope="module")
def of_leads(contract: Contract) -> list[Mutant]:
    return derive(contract)


def _score(*verdicts: Verdict) -> Score:
    return Score(
        contract="x",
        suite="x",
        verdicts=verdicts,
        derived=len(verdicts),
        meant=len(verdicts),
        seed=0,
        seconds=1.0,
    )


def test_a_sample_of_the_mutants_of_leads_is_killed(
    contract: Contract, of_leads: list[Mutant]
) -> None:
    """The level that the suite is held at: every mutant of the sample is found."""
    suite = certificate()
    assert suite(contract, None).rule == ""

    score = _score(*(attempt(contract, one, suite) for one in chosen(of_leads, sample=25, seed=1)))

    assert set(score.families) == set(FAMILIES)
    assert [one.id for one in score.survivors] == []
    assert score.percent == 100


def test_without_an_oracle_mutants_survive(
    contract: Contract, of_leads: list[Mutant], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suite that does not look at the echo misses what is wrong with it, and only that."""
    rest = tuple(one for one in oracles.ORACLES if one is not echo.check)
    monkeypatch.setattr(oracles, "ORACLES", rest)
    ids = ("doc.notes/trimmed", "doc.firstName/swapped-with:lastName", "doc.id/constant")
    picked = chosen(of_leads, only=ids)
    suite = certificate()

    score = _score(*(attempt(contract, one, suite) for one in picked))

    assert [one.id.rpartition("/")[2] for one in score.survivors] == [
        "trimmed",
        "swapped-with:lastName",
    ]
    assert score.percent == pytest.approx(100 / 3)


def test_a_mutant_has_its_defect_and_no_other(contract: Contract, of_leads: list[Mutant]) -> None:
    """What a server wrongly accepts it answers as if it were fine; all else is as the contract says."""
    id_ = "acceptance/leads.post/body.notes/type/also:number"
    mutant = next(one for one in of_leads if one.id == id_)
    client = Client(mutant.serve(contract))

    def post(body: object, key: str = "test-api-key") -> TestResponse:
        return client.post("/api/leads", json=body, headers={"Authorization": key})

    wrong = post({"notes": 7})
    assert (wrong.status_code, wrong.get_json()["doc"]["notes"]) == (200, 7)
    assert "Leadline-Violations" not in wrong.headers
    right = post({"notes": "seven"})
    assert right.get_json()["doc"]["id"] == wrong.get_json()["doc"]["id"] + 1
    assert post({"notes": True}).status_code == post({"call": 7}).status_code == 400
    assert post({"notes": 7}, "wrong").status_code == 401


def test_ids_are_stable_and_given_once(of_leads: list[Mutant], contract: Contract) -> None:
    """An id names the same mutant every time, so that a survivor can be tried again by it."""
    ids = [one.id for one in of_leads]

    assert [one.id for one in derive(contract)] == ids
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == []
    assert "acceptance/leads.post/body.timeToPurchase.*/enum/one-value-less:ASAP" in ids
    assert "acceptance/leads.post/body.subscribe/type/also:null" in ids
    assert "response/leads.post/doc.firstName/dropped" in ids


@pytest.mark.parametrize(
    ("id_", "standing"),
    [
        (f"acceptance/{PLACE}/body.day/format/dropped", Standing.EQUIVALENT),
        (f"acceptance/{PLACE}/body.colour/enum/one-value-less:red", Standing.DEFECT),
        (f"acceptance/{PLACE}/body.text/maxLength/one-looser", Standing.DEFECT),
        (f"acceptance/{PLACE}/body/additionalProperties/opened", Standing.DEFECT),
        (f"acceptance/{PLACE}/box/minimum/one-less", Standing.DEFECT),
        (f"acceptance/{PLACE}/content/also:none", Standing.EQUIVALENT),
        (f"response/{PLACE}/hint/dropped", Standing.EQUIVALENT),
        (f"response/{PLACE}/id/dropped", Standing.DEFECT),
        (f"response/{PLACE}/note.colour/trimmed", Standing.EQUIVALENT),
        (f"response/{PLACE}/note.colour/upper-cased", Standing.DEFECT),
        (f"response/{PLACE}/note.text/trimmed", Standing.DEFECT),
        (f"response/{PLACE}/note.text/default", Standing.EQUIVALENT),
        (f"response/{PLACE}/note.seen/falsy:false", Standing.DEFECT),
        (f"response/{PLACE}/header:X-Left/dropped", Standing.DEFECT),
        ("state/notes.box.get/stale", Standing.EQUIVALENT),
    ],
)
def test_the_contract_tells_what_is_a_defect(
    of_notes: dict[str, Mutant], id_: str, standing: Standing
) -> None:
    """What the contract cannot tell from a correct server is no defect."""
    assert of_notes[id_].rule().standing is standing, of_notes[id_].rule().reason


def test_an_equivalent_mutant_does_not_count(notes: Contract, of_notes: dict[str, Mutant]) -> None:
    """It is not tried, and changes no score."""
    suite = certificate()
    ids = (f"response/{PLACE}/hint/dropped", f"response/{PLACE}/id/dropped")

    score = _score(*(attempt(notes, of_notes[id_], suite) for id_ in ids))

    assert [(one.outcome, one.requests > 0) for one in score.verdicts] == [
        ("equivalent", False),
        ("killed", True),
    ]
    assert score.percent == 100


def test_equivalent_mutants_are_not_found(notes: Contract, of_notes: dict[str, Mutant]) -> None:
    """The ruling and the suite agree: what is ruled out by the schema gives no finding."""
    suite = certificate()
    same = [one for one in of_notes.values() if one.rule().standing is Standing.EQUIVALENT]

    assert len(same) > 5
    assert {one.id: shot.rule for one in same if (shot := suite(notes, one)).rule} == {}


def test_processes_come_to_the_same_verdicts(
    notes: Contract, notes_file: Path, of_notes: dict[str, Mutant]
) -> None:
    """Mutants of any contract, tried in two processes and in this one."""
    picked = chosen(list(of_notes.values()), families=("credentials", "clock", "state"))
    assert len(picked) > 30

    outcomes = [
        {one.id: (one.outcome, one.rule) for one in pool.tried(notes, picked, source, workers)}
        for source, workers in ((pool.Source(notes_file, ()), 2), (pool.Source(None, None), 1))
    ]

    assert outcomes[0] == outcomes[1]
    assert {outcome for outcome, _ in outcomes[0].values()} >= {"killed", "equivalent"}


def test_a_sample_repeats_and_is_of_every_family(of_leads: list[Mutant]) -> None:
    """The seed decides alone, and small families are not lost in large ones."""
    samples = [[one.id for one in chosen(of_leads, sample=20, seed=seed)] for seed in (3, 3, 4)]

    assert samples[0] == samples[1] != samples[2]
    assert {id_.partition("/")[0] for id_ in samples[0]} == set(FAMILIES)
    assert len(samples[0]) == 20


def test_mutants_are_chosen_by_family_and_by_id(of_leads: list[Mutant]) -> None:
    """`--only` takes a part of an id, or a pattern over the whole."""
    part = chosen(of_leads, only=["doc.id/"])
    whole = chosen(of_leads, only=["state/*/doc.id/*"], families=["state", "clock"])

    assert {one.family for one in part} == {"response", "state", "concurrency"}
    assert {one.id.rpartition("/")[2] for one in whole} >= {"constant", "given-twice"}
    assert {one.family for one in whole} == {"state"}
