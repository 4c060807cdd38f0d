"""The work that all servers get: the leads contract, the request of the vendor's page, and a key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import leadline_openapi
from leadline_openapi import Contract, Operation

ROOT = Path(__file__).parents[2]
KEY = "test-api-key"


@dataclass(frozen=True)
class Work:
    """
    The *contract* with its one operation, the *body* of the page, and the *key* in its *header*.

    *spec* and *file* are the overlaid contract and the body as files, for those who read files.
    """

    contract: Contract
    body: bytes
    spec: Path
    file: Path
    key: str = KEY
    media: str = "application/json"

    @property
    def operation(self) -> Operation:
        """The operation that is called."""
        return self.contract.operations[0]

    @property
    def header(self) -> str:
        """The header that carries the key."""
        return self.operation.security[0][0].parameter

    @property
    def credential(self) -> str:
        """The key as it stands in the header."""
        return self.operation.security[0][0].credential(self.key)


def prepare(folder: Path) -> Work:
    """The work, with its files in *folder*."""
    contract = leadline_openapi.load()
    work = Work(contract, page_body(), folder / "openapi.json", folder / "body.json")
    work.spec.write_text(json.dumps(contract.document), encoding="utf-8")
    work.file.write_bytes(work.body)
    return work


def page_body() -> bytes:
    """The body of the curl command on the vendor's page, byte for byte."""
    page = (ROOT / "tests" / "data" / "vendor" / "page.txt").read_text("utf-8")
    found = re.search(r"--data '(\{.*?\n\})'", page, re.DOTALL)
    if found is None:
        raise LookupError("the vendor's page shows no `--data '{…}'` any more")
    return found[1].encode()
