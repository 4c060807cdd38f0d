"""
Typed Pydantic models of a contract, written by datamodel-code-generator with pinned options.

Fields bear the names that travel: what the spec calls `firstName` is `firstName` in Python, in the
constructor, for type checkers and in every dump. Only what cannot be the name of a field gets one
(`fallback-locale`: `fallback_locale`) and an alias.

Requests are as strict as the contract: where it says `additionalProperties: false`, an unknown member is an
error. Everywhere else, so above all in answers, unknown members are kept and not only ignored: a server
may answer more than is documented, and a document that is read, changed and sent back must not lose it.

The generated package is text made from the contract alone, without times and paths of the machine, so
that it can be committed and compared.
"""

from __future__ import annotations

import ast
import re
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from leadline_openapi.contract import Contract
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.models import shaping
from leadline_openapi.models.bounds import bounded
from leadline_openapi.models.directions import Directions
from leadline_openapi.models.fields import renamed
from leadline_openapi.models.header import Origin, generator
from leadline_openapi.models.shaping import Shaped

_BASE = "leadline_base_model"
"""Stands for the package's own `base_model`, since the generator takes no relative module."""

_OPTIONS: dict[str, Any] = {
    "input_file_type": "openapi",
    "openapi_scopes": ["schemas"],
    "strict_refs": True,
    "allow_remote_refs": False,
    "output_model_type": "pydantic_v2.BaseModel",
    "target_python_version": "3.11",
    "target_pydantic_version": "2.14",  # else MISSING comes from where Pydantic deprecates it
    "base_class": f"{_BASE}.JsonObject",
    "import_overrides": dict.fromkeys(("StrictInt", "StrictFloat"), _BASE),
    "custom_class_name_generator": str,  # `shaping` has named everything
    "enum_field_as_literal": "all",  # values that differ only in case stay apart
    "allof_merge_mode": "none",  # `inheriting` has merged what overlaps
    "allof_class_hierarchy": "always",
    "use_type_alias": True,
    "use_missing_sentinel": True,  # not sent is not null
    "field_constraints": True,
    "use_annotated": True,
    "use_standard_collections": True,
    "use_union_operator": True,
    "use_schema_description": True,
    "use_field_description": True,
    "use_single_line_docstring": True,
    "disable_timestamp": True,
    "formatters": [],  # `_formatted` does it, out of reach of anybody's configuration
}
_STRICT = {"strict_types": ["str", "int", "float", "bool"]}


def generate(
    contract: Contract, *, command: str = "leadline generate", variants: bool = True
) -> Mapping[str, str]:
    """
    The files of a package with the models of *contract*: text by file name.

    *command* is what the header names as the way to do it again. With *variants*, a schema that is sent
    and read, with members that are `readOnly` or `writeOnly`, has two classes: `Pet` is what is read,
    `PetRequest` what is sent. The package refers to itself by relative imports only, so that its folder
    may have any name. Raises `SpecError` for what the generator cannot read.
    """
    with bounded(contract):
        directions = Directions(contract, variants=variants)
        schemas = shaping.bodies(contract, directions)
        parameters = shaping.parameters(contract, directions, schemas.schemas.keys())
    names = {"models": list(schemas.schemas), "parameters": list(parameters.bases)}
    modules = {
        "__init__.py": _init(contract, names),
        "base_model.py": Path(__file__).with_name("base_model.py").read_text("utf-8"),
    }
    if schemas.schemas:
        modules["models.py"] = _code(contract, schemas, "The schemas of the contract.", _STRICT)
    if parameters.schemas:
        modules["parameters.py"] = _code(
            contract, parameters, "The parameters of each operation.", {}
        )
    header = Origin(f"{_source(contract)}, sha256 {contract.digest}", generator(), command)
    files = {name: f"{header}\n{_formatted(code)}" for name, code in modules.items()}
    return {**files, "py.typed": ""}


def _source(contract: Contract) -> str:
    """The bare name of the contract's file, fit for a comment and a docstring."""
    return re.sub(r"[^\w .+-]", "_", PurePath(contract.source).name)


def _init(contract: Contract, names: Mapping[str, list[str]]) -> str:
    imports = (
        f"from .{module} import {', '.join(sorted(found))}"
        for module, found in names.items()
        if found
    )
    public = sorted(name for found in names.values() for name in found)
    docstring = _INTRODUCTION.format(source=_source(contract))
    return "\n".join((docstring, *imports, f"__all__ = {public!r}"))


_INTRODUCTION = '''"""
Typed models of the contract in `{source}`.

`model_validate` and `model_validate_json` take what the contract takes. A member that was not sent
is `MISSING` (import it from `pydantic`, compare with `is`), which is not `None`: null is a value of
its own. Dumps leave it out. Unknown members are kept, unless the contract forbids them.
"""
'''


def _code(contract: Contract, shaped: Shaped, docstring: str, options: Mapping[str, Any]) -> str:
    """The code for *shaped*, not yet formatted."""
    from datamodel_code_generator import Error
    from datamodel_code_generator import generate as write
    from datamodel_code_generator.config import GenerateConfig

    document = {
        "openapi": "3.1.1",
        "info": {"title": "", "version": ""},
        "paths": {},
        "components": {"schemas": dict(shaped.schemas)},
    }
    bases: dict[str, str | list[str]] = {
        name: f"{_BASE}.{base}" for name, base in shaped.bases.items()
    }
    config = GenerateConfig(
        **_OPTIONS,
        **options,
        aliases=renamed(shaped.schemas),
        base_class_map=bases,
        custom_file_header=f'"""{docstring}"""',
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is left out, `leadline_openapi.agreement` tells
            code = str(write(document, config=config))
    except (Error, RecursionError) as error:
        raise SpecError(
            Place(contract.source), f"the models cannot be generated: {error}"
        ) from error
    _check_names(contract, shaped, code)
    return re.sub(rf"^from {_BASE} import", "from .base_model import", code, flags=re.MULTILINE)


def _check_names(contract: Contract, shaped: Shaped, code: str) -> None:
    """Raise `SpecError` unless every schema has its class, or its alias, and there is no other."""
    found = Counter(_definitions(ast.parse(code)))
    missing = sorted(shaped.schemas.keys() - found.keys()) or [
        name for name, times in found.items() if times > 1 and name in shaped.schemas
    ]
    if missing:
        raise SpecError(
            contract.place(shaped.sources.get(missing[0], "")),
            f"the models cannot hold a class called `{missing[0]}`",
            "rename the schema",
        )
    if more := sorted(found.keys() - shaped.schemas.keys()):
        raise SpecError(
            Place(contract.source),
            f"the models cannot be generated: no schema is meant by a class called `{more[0]}`",
            "this is a fault of Leadline; a member of that name is described in a way that it mistakes",
        )


def _definitions(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id


def _formatted(code: str) -> str:
    """*code* as ruff writes it by its own defaults; nobody's configuration is read."""
    for arguments in (
        ("check", "--select=F401,I", "--fix", "--exit-zero"),
        ("format",),
    ):
        code = _ruff(*arguments, code=code)
    return code


def _ruff(*arguments: str, code: str) -> str:
    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    common = ("--isolated", "--no-cache", "--quiet", "--line-length=100", "--target-version=py311")
    command = (find_ruff_bin(), *arguments, *common, "--stdin-filename=models.py", "-")
    done = subprocess.run(command, input=code.encode(), capture_output=True, check=True)  # noqa: S603
    return done.stdout.decode().replace("\r\n", "\n")
