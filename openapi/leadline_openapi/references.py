"""Resolve `$ref`: everything a document refers to is brought into the one document.

References stay inside the folder of the root document: a URL is refused, and so is a path that
leaves the folder, because a spec is data from somebody else. What another file holds is moved into
`components`, under a name of its own, so that recursive schemas stay recursive.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.reading import display, read
from leadline_openapi.structure import COMPONENT_OF, Node, walk
from leadline_openapi.tree import Located, copy

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:)?//|^[A-Za-z][A-Za-z0-9+.-]+:")


def bundle(root: Located, path: Path) -> None:
    """
    Rewrite every reference of *root*, read from *path*, to point inside *root*, in place.

    Raises `SpecError` when a reference leads nowhere, to a URL, or out of the folder of *path*.
    """
    _Bundler(root, path).run()


class _Bundler:
    def __init__(self, root: Located, path: Path) -> None:
        self._root = root
        self._path = path.resolve()
        self._files: dict[Path, Located] = {self._path: root}
        self._moved: dict[tuple[Path, str], str] = {}

    def run(self) -> None:
        self._rewrite(self._root, "document", self._path)
        for node in walk(self._root):
            if isinstance(reference := node.value.get("$ref"), str):
                self._resolve_chain(node, reference)

    def _rewrite(self, tree: Any, kind: str, base: Path) -> None:
        for node in list(walk(tree, kind)):
            if "$ref" in node.value:
                self._rewrite_one(node, base)
            if isinstance(mapping := _discriminator_mapping(node), Located):
                self._rewrite_mapping(mapping, base)

    def _rewrite_one(self, node: Node, base: Path) -> None:
        place = _place(node.value, "$ref", base)
        reference = node.value["$ref"]
        if not isinstance(reference, str):
            raise SpecError(place, "`$ref` must be a string")
        local = self._local(reference, node.kind, base, place)
        node.value["$ref"] = f"#{local}"

    def _rewrite_mapping(self, mapping: Located, base: Path) -> None:
        """A mapping names a component, or else is a reference (OAS 3.1.1 section 4.8.25)."""
        named = self._files[base].get("components", {}).get("schemas", {})
        for value, target in mapping.items():
            reference = f"#/components/schemas/{target}" if target in named else str(target)
            local = self._local(reference, "schema", base, _place(mapping, value, base))
            mapping[value] = f"#{local}"

    def _local(self, reference: str, kind: str, base: Path, place: Place) -> str:
        """The pointer into the root document under which *reference* is found."""
        location, _, fragment = reference.partition("#")
        file = self._file(location, base, place)
        at = pointers.from_fragment(fragment)
        if at and not at.startswith("/"):
            raise SpecError(
                place, f"`$ref` to the anchor `#{at}` is not supported", "use a JSON pointer"
            )
        target = self._target(file, at, reference, place)
        return at if file == self._path else self._move(file, at, target, kind, place)

    def _file(self, location: str, base: Path, place: Place) -> Path:
        if not location:
            return base
        if _SCHEME.match(location):
            raise SpecError(
                place,
                f"`$ref` to a URL is refused: {location}",
                "save the document beside the spec and refer to it by a relative path",
            )
        file = (base.parent / location).resolve()
        if not file.is_relative_to(self._path.parent):
            raise SpecError(
                place,
                f"`$ref` leaves the folder of the spec: {location}",
                "move the file below the folder of the spec",
            )
        return file

    def _target(self, file: Path, at: str, reference: str, place: Place) -> Any:
        if file not in self._files:
            if not file.is_file():
                raise SpecError(place, f"`$ref` to a file that does not exist: {reference}")
            self._files[file] = read(file)
        try:
            return pointers.find(self._files[file], at)
        except LookupError as error:
            where = "" if file == self._path else f" in {display(file)}"
            raise SpecError(
                place,
                f"`$ref` leads nowhere: {reference} (no `{error}`{where})",
                "correct the pointer, or define what it names",
            ) from None

    def _move(self, file: Path, at: str, target: Any, kind: str, place: Place) -> str:
        if (known := self._moved.get((file, at))) is not None:
            return known
        section = COMPONENT_OF.get(kind)
        if section is None or not isinstance(target, Located):
            raise SpecError(place, "`$ref` is not allowed here, or names no object")
        components = _member(self._root, "components", place)
        holder = _member(components, section, place)
        name = _free_name(holder, _wanted_name(file, at))
        local = pointers.pointer(("components", section, name))
        self._moved[file, at] = local  # known before its own references are followed: recursion
        moved = copy(target)
        holder.put(name, moved, place)
        self._rewrite(moved, kind, file)
        return local

    def _resolve_chain(self, node: Node, reference: str) -> None:
        seen = {reference}
        value = pointers.find(self._root, reference[1:])
        while isinstance(value, dict) and isinstance(following := value.get("$ref"), str):
            if following in seen:
                place = _place(node.value, "$ref", self._path)
                raise SpecError(place, f"`$ref` refers to itself: {reference}")
            seen.add(following)
            value = pointers.find(self._root, following[1:])


def _discriminator_mapping(node: Node) -> Any:
    discriminator = node.value.get("discriminator")
    return discriminator.get("mapping") if isinstance(discriminator, dict) else None


def _place(value: dict[str, Any], key: str, base: Path) -> Place:
    return value.places[key] if isinstance(value, Located) else Place(display(base))


def _member(parent: Located, key: str, place: Place) -> Located:
    if not isinstance(parent.get(key), Located):
        parent.put(key, Located(), place)
    member: Located = parent[key]
    return member


def _wanted_name(file: Path, at: str) -> str:
    last = pointers.tokens(at)[-1] if at else file.stem
    return re.sub(r"[^A-Za-z0-9._-]", "_", last) or "Referenced"


def _free_name(holder: Located, wanted: str) -> str:
    name, number = wanted, 2
    while name in holder:
        name, number = f"{wanted}_{number}", number + 1
    return name
