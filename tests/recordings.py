"""HTTP Archives as tools write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

URL = "https://notes.example/api/notes"
START = datetime(2026, 11, 25, 10, tzinfo=UTC)
SPEC = """\
openapi: 3.1.0
info: {title: Notes, version: '1'}
servers: [{url: 'https://notes.example/api'}]
security: [{key: []}]
paths:
  /notes:
    post:
      parameters:
        - {name: depth, in: query, schema: {type: number}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Note'}}
          text/plain: {schema: {type: string}}
      responses:
        '201':
          description: ok
          headers: {X-Total: {schema: {type: integer}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Stored'}}
        '400': {$ref: '#/components/responses/No'}
        '401': {$ref: '#/components/responses/No'}
  /notes/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200':
          description: ok
          content:
            application/json: {schema: {$ref: '#/components/schemas/Stored'}}
        '401': {$ref: '#/components/responses/No'}
  /notes/mine:
    get:
      security: []
      responses:
        '200': {description: ok, content: {text/csv: {schema: {type: string}}}}
  /{page}:
    get:
      security: []
      parameters: [{name: page, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok}}
  /uploads:
    post:
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {'204': {description: ok}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: Authorization, x-credential: 'users API-Key {key}'}
  responses:
    No: {description: no, content: {application/json: {schema: {type: object}}}}
  schemas:
    Note:
      type: object
      required: [text]
      properties:
        text: {type: string, maxLength: 20}
        tags: {type: array, items: {type: string}}
    Stored:
      type: object
      required: [doc]
      properties:
        doc:
          x-echo: $request.body
          allOf: [{$ref: '#/components/schemas/Note'}]
          required: [id, createdAt]
          properties:
            id: {type: integer, readOnly: true, x-server-value: sequence}
            createdAt: {type: string, format: date-time, readOnly: true, x-server-value: now}
"""
"""A contract of notes: a key of a certain form, an echo, ids and times that the server assigns."""


def moment(number: int) -> str:
    """When the entry *number* was sent, in milliseconds as browsers write it."""
    return (START + timedelta(minutes=number)).isoformat(timespec="milliseconds")


def headers(**values: str) -> list[dict[str, str]]:
    """Headers by their names, with `_` for `-`."""
    return [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]


def entry(
    number: int = 1, *, sent: Any = None, answered: Any = None, **changes: Any
) -> dict[str, Any]:
    """
    A good request number *number* and its good answer, by what `changes` says otherwise.

    *sent* and *answered* are JSON bodies; changes are `method`, `url`, `key`, `status`, and whole `request`,
    `response` or other members of an entry to put in.
    """
    sent = {"text": f"note {number}"} if sent is None else sent
    stored = (
        {"doc": {**sent, "id": number, "createdAt": moment(number)}}
        if isinstance(sent, dict)
        else {}
    )
    text, back = json.dumps(sent), json.dumps(stored if answered is None else answered)
    key = changes.pop("key", "users API-Key s3cret-of-nobody")
    found: dict[str, Any] = {
        "startedDateTime": moment(number),
        "time": 12.5,
        "request": {
            "method": changes.pop("method", "POST"),
            "url": changes.pop("url", URL),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(
                Content_Type="application/json",
                User_Agent="crm/2.0",
                **({"Authorization": key} if key else {}),
            ),
            "queryString": [],
            "headersSize": -1,
            "bodySize": len(text),
            "postData": {"mimeType": "application/json", "text": text},
        },
        "response": {
            "status": changes.pop("status", 201),
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(Content_Type="application/json"),
            "content": {"size": len(back), "mimeType": "application/json", "text": back},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(back),
        },
        "cache": {},
        "timings": {"send": 0, "wait": 12.5, "receive": 0},
    }
    for part in ("request", "response"):
        found[part].update(changes.pop(part, {}))
    return {**found, **changes}


def archive(*entries: dict[str, Any], creator: str = "Tool") -> str:
    """The text of an archive with *entries*."""
    log = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": list(entries)}
    return json.dumps({"log": log})
