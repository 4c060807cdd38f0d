"""A small contract whose one operation answers what it was sent."""

from __future__ import annotations

_SPEC = """\
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties: {doc: {x-echo: $request.body, $ref: '#/components/schemas/Note'}}
        '400': {description: no}
        '415': {description: no such media type}
components:
  schemas:
    Note: """


def notes(schema: str) -> str:
    """The contract as YAML; *schema* in flow style says what a note is."""
    return f"{_SPEC}{schema}\n"
