"""What a server does that breaks a rule, in a few words."""

from __future__ import annotations

TITLES = {
    "accepts-invalid": "accepts what is invalid",
    "credentials": "lets in without the key",
    "echo": "does not echo",
    "header": "answers with a wrong header",
    "invariant": "breaks an invariant",
    "leniency": "is lenient in another way than declared",
    "media-type": "answers in a wrong media type",
    "no-answer": "gives no answer",
    "rejects-valid": "refuses what is valid",
    "request": "is sent what is not allowed",
    "schema": "answers against its schema",
    "server-error": "fails",
    "server-value": "assigns a wrong value",
    "status": "answers with a wrong status",
    "undocumented": "answers with what is not documented",
}
"""By the name of the rule; the operation is the subject."""
