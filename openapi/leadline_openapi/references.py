"""Resolve `$ref`: everything a document refers to is brought into the one document.

References stay inside the folder of the root document: a URL is refused, and so is a path that
leaves the folder, because a spec is data from somebody else. What stands in another file, or where
OpenAPI knows no object, is moved into `components` under a name of its own, so that recursive schemas
stay recursive. A path item is written out where it is referred to.

Afterwards every `$ref` is `#` and a plain JSON pointer, not percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.reading import display, notice, read
from leadline_openapi.structure import COMPONENT_OF, Node, is_schema, spoken, walk
from leadline_openapi.tree import Located, copy

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?//|[A-Za-z][A-Za-z0-9+.-]+:")


def bundle(root: Located, path: Path) -> None:
    """
    Rewrite every reference of *root*, read from *path*, to point inside *root*, in place.

    Raises `SpecError` when a reference leads nowhere, to a URL, out of the folder of *path*, to an
    object of another kind, or to itself.
    """
    _Bundler(root, path).run()


class _Bundler:
    def __init__(self, root: Located, path: Path) -> None:
        self._root = root
        self._path = path.resolve()
        self._self = root.get("$self")
        self._files: dict[Path, Located] = {self._path: copy(root)}
        self._kinds = {pointers.pointer(node.path): node.kind for node in walk(root)}
        self._moved: dict[tuple[Path, str], str] = {}
        version = str(root.get("openapi"))
        self._referable = set(COMPONENT_OF)
        if version.startswith(("3.0.", "3.1.")):
            self._referable -= {"mediaType"}  # new in OAS 3.2.0 section 4.14

    def run(self) -> None:
        self._rewrite(self._root, "document", self._path, ())
        _refuse_endless(self._root)

    def _rewrite(self, tree: Any, kind: str, base: Path, inside: tuple[object, ...]) -> None:
        for node in list(walk(tree, kind)):
            if "$ref" in node.value:
                self._rewrite_one(node, base, inside)
            if node.kind == "discriminator" and isinstance(node.value, Located):
                if isinstance(mapping := node.value.get("mapping"), Located):
                    self._rewrite_names(mapping, mapping, base)
                self._rewrite_names(node.value, {"defaultMapping"} & node.value.keys(), base)

    def _rewrite_one(self, node: Node, base: Path, inside: tuple[object, ...]) -> None:
        place = _place(node.value, "$ref", base)
        reference = node.value["$ref"]
        if not isinstance(reference, str):
            raise SpecError(place, "`$ref` must be a string")
        if node.kind not in self._referable:
            raise SpecError(place, f"`$ref` is not allowed on {spoken(node.kind)}")
        file, at, target = self._find(reference, node.kind, base, place)
        if node.kind == "pathItem":
            self._write_out(node.value, (file, at), target, inside)
        else:
            node.value["$ref"] = f"#{self._local(file, at, target, node.kind, place)}"

    def _rewrite_names(self, mapping: Located, values: Iterable[str], base: Path) -> None:
        """A mapping names a component, or else is a reference (OAS 3.1.1 section 4.8.25)."""
        components = self._files[base].get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        for value in list(values):
            place, target = _place(mapping, value, base), mapping[value]
            if not isinstance(target, str):
                raise SpecError(place, "a discriminator maps values to names of schemas")
            named = isinstance(schemas, dict) and target in schemas
            if not named and not re.search(r"[#./]", target):
                raise SpecError(place, f"the discriminator names no schema: {target}")
            reference = f"#/components/schemas/{target}" if named else target
            file, at, found = self._find(reference, "schema", base, place)
            mapping[value] = f"#{self._local(file, at, found, 'schema', place)}"

    def _find(self, reference: str, kind: str, base: Path, place: Place) -> tuple[Path, str, Any]:
        """The file, the pointer in it, and the value that *reference*, written in *base*, names."""
        location, _, fragment = reference.partition("#")
        at = pointers.from_fragment(fragment)
        if at and not at.startswith("/"):
            raise SpecError(
                place, f"`$ref` to the anchor `#{at}` is not supported", "use a JSON pointer"
            )
        file = self._file(location, base, place)
        try:
            target = pointers.find(self._files[file], at)
        except LookupError as error:
            raise SpecError(
                place,
                f"`$ref` leads nowhere: {reference} (no `{error}`{self._in(file)})",
                "correct the pointer, or define what it names",
            ) from None
        if not isinstance(target, Located) and not (is_schema(kind) and isinstance(target, bool)):
            raise SpecError(place, f"`$ref` to something that is not {spoken(kind)}: {reference}")
        return file, at, target

    def _in(self, file: Path) -> str:
        return "" if file == self._path else f" in {display(file)}"

    def _file(self, location: str, base: Path, place: Place) -> Path:
        if not location:
            return base
        if location == self._self:
            return self._path
        if _URL.match(location):
            raise SpecError(
                place,
                f"`$ref` to a URL is refused: {location}",
                "save the document beside the spec and refer to it by a relative path",
            )
        try:
            file = (base.parent / unquote(location)).resolve()
            exists = file.is_file()
        except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL
            raise SpecError(place, f"`$ref` is no usable path: {location}") from None
        if not file.is_relative_to(self._path.parent):
            raise SpecError(
                place,
                f"`$ref` leaves the folder of the spec: {location}",
                "move the file below the folder of the spec",
            )
        if not exists:
            notice(file)
            raise SpecError(place, f"`$ref` to a file that does not exist: {location}")
        if file not in self._files:
            self._files[file] = read(file)
        return file

    def _local(self, file: Path, at: str, target: Any, kind: str, place: Place) -> str:
        """The pointer in the root document under which *target* is found."""
        known = self._kinds.get(at) if file == self._path else None
        if known is not None:
            if _family(known) != _family(kind):
                problem = f"`$ref` to {spoken(known)}, where {spoken(_family(kind))} belongs: #{at}"
                raise SpecError(place, problem)
            return at
        if (moved := self._moved.get((file, at))) is not None:
            return moved
        return self._move(file, at, target, kind, place)

    def _move(self, file: Path, at: str, target: Any, kind: str, place: Place) -> str:
        section = COMPONENT_OF[kind]
        holder = _member(_member(self._root, "components", place), section, place)
        name = _free_name(holder, _wanted_name(file, at))
        local = pointers.pointer(("components", section, name))
        self._moved[file, at] = local  # known before its own references are followed: recursion
        moved = copy(target)
        holder.put(name, moved, place)
        self._rewrite(moved, _family(kind), file, ())
        return local

    def _write_out(
        self, item: Any, target_at: tuple[Path, str], target: Any, inside: tuple[object, ...]
    ) -> None:
        """Put what a path item refers to in its place: components of 3.0 cannot hold path items."""
        place = item.places["$ref"]
        if target_at in inside:
            raise SpecError(place, f"`$ref` refers to itself: {item['$ref']}")
        moved = copy(target)
        self._rewrite(moved, "pathItem", target_at[0], (*inside, target_at))
        del item["$ref"], item.places["$ref"]
        for key, value in moved.items():
            if key in item:
                raise SpecError(
                    item.places[key],
                    f"`{key}` stands beside a `$ref` to a path item that has it too",
                )
            item.put(key, value, moved.places[key])


def _family(kind: str) -> str:
    return "schema" if is_schema(kind) else kind


def _place(value: dict[str, Any], key: str, base: Path) -> Place:
    return value.places[key] if isinstance(value, Located) else Place(display(base))


def _member(parent: Located, key: str, place: Place) -> Located:
    if key not in parent:
        parent.put(key, Located(), place)
    member = parent[key]
    if not isinstance(member, Located):
        raise SpecError(parent.places[key], f"`{key}` is not an object")
    return member


def _wanted_name(file: Path, at: str) -> str:
    last = pointers.tokens(at)[-1] if at else file.stem
    return re.sub(r"[^A-Za-z0-9._-]", "_", last) or "Referenced"


def _free_name(holder: Located, wanted: str) -> str:
    name, number = wanted, 2
    while name in holder:
        name, number = f"{wanted}_{number}", number + 1
    return name


_IN_PLACE = ("not", "if", "then", "else")
_IN_PLACE_MANY = ("allOf", "anyOf", "oneOf", "dependentSchemas")


def _refuse_endless(root: Located) -> None:
    """
    Refuse references that lead back to themselves without a step into a member of the value.

    Such a schema has no meaning (JSON Schema 2020-12 section 9.4.1).
    """
    done: set[str] = set()
    for node in walk(root):
        if "$ref" in node.value:
            _follow(root, pointers.pointer(node.path), (), done)


def _follow(root: Located, at: str, inside: tuple[str, ...], done: set[str]) -> None:
    if at in done:
        return
    value = pointers.find(root, at)
    if isinstance(value, Located):
        if at in inside:
            place = next(iter(value.places.values()))
            raise SpecError(place, f"`$ref` refers to itself: #{at}", "remove the circle")
        for following in _beside(at, value):
            _follow(root, following, (*inside, at), done)
    done.add(at)


def _beside(at: str, value: Located) -> list[str]:
    """The pointers of what applies to the same value as the object at *at*."""
    found = [f"{at}/{word}" for word in _IN_PLACE if isinstance(value.get(word), Located)]
    for word in _IN_PLACE_MANY:
        parts = value.get(word)
        if isinstance(parts, dict):
            found += [at + pointers.pointer((word, name)) for name in parts]
        elif isinstance(parts, list):
            found += [f"{at}/{word}/{index}" for index in range(len(parts))]
    if isinstance(reference := value.get("$ref"), str):
        found.append(reference[1:])
    return found
