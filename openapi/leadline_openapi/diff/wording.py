"""What a change is called: one sentence of meaning, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadline_openapi.diff.change import Ground, Side, Verdict
from leadline_openapi.violation import show

_SENTENCES: Mapping[str, str] = {
    "operation-added": "{subject} is new",
    "operation-removed": "{subject} is gone",
    "operation-moved": "{before} is {after} now",
    "operation-id-changed": "{subject} is called {after} and no longer {before}; only generated names change",
    "parameter-added": "{subject} is new",
    "parameter-removed": "{subject} is gone; what callers send in it has no meaning any more",
    "parameter-required": "{subject} has to be there now",
    "parameter-optional": "{subject} need not be there any more",
    "parameter-style-changed": "{subject} is written otherwise: {after}, and no longer {before}",
    "parameter-empty-refused": "{subject} may not be empty any more",
    "parameter-empty-allowed": "{subject} may be empty now",
    "parameter-reserved-refused": "{subject} may not have reserved characters as they are any more",
    "parameter-reserved-allowed": "{subject} may have reserved characters as they are now",
    "body-added": "{subject} is new",
    "body-removed": "{subject} is gone",
    "body-required": "{subject} has to be there now",
    "body-optional": "{subject} need not be there any more",
    "media-type-added": "{subject} is new",
    "media-type-removed": "{subject} is gone",
    "encoding-narrowed": "{subject} may be of fewer media types: {after}, where it was {before}",
    "encoding-widened": "{subject} may be of more media types: {after}, where it was {before}",
    "encoding-changed": "{subject} is encoded otherwise: {after}, and no longer {before}",
    "status-added": "{subject} is new",
    "status-removed": "{subject} is gone",
    "header-added": "{subject} is new",
    "header-removed": "{subject} is gone",
    "header-required": "{subject} is always there now",
    "header-optional": "{subject} may be missing now",
    "header-style-changed": "{subject} is written otherwise: {after}, and no longer {before}",
    "link-added": "{subject} is new",
    "link-removed": "{subject} is gone",
    "link-changed": "{subject} leads elsewhere, or otherwise",
    "security-narrowed": "{subject} asks for more: {after}, where {before} was enough",
    "security-widened": "{subject} asks for less: {after}, where it was {before}",
    "security-changed": "{subject} asks for something else: {after}, and no longer {before}",
    "server-added": "the server {subject} is new",
    "server-removed": "the server {subject} is gone",
    "server-default-changed": "{subject} is {after} where callers choose nothing, and no longer {before}",
    "member-added": "{subject} is new",
    "member-removed": "{subject} is not described any more",
    "member-renamed": "{subject} was called `{raw_before}`",
    "member-required": "{subject} has to be there now",
    "member-optional": "{subject} need not be there any more",
    "null-allowed": "{subject} may be null now",
    "null-refused": "{subject} may not be null any more",
    "variant-added": "{subject} has one variant more{named}",
    "variant-removed": "{subject} has one variant less{named}",
    "one-of-narrowed": "variants of {subject} overlap now, so that what fits both is refused",
    "one-of-widened": "variants of {subject} no longer overlap, so that what fitted both is taken",
    "one-of-changed": "the variants of {subject} overlap otherwise",
    "additional-properties-narrowed": "{subject} takes less of what is not declared",
    "additional-properties-widened": "{subject} takes more of what is not declared",
    "additional-properties-changed": "{subject} takes other undeclared members",
    "unevaluated-properties-narrowed": "{subject} takes less of what its variants do not describe",
    "unevaluated-properties-widened": "{subject} takes more of what its variants do not describe",
    "unevaluated-properties-changed": "{subject} takes other members that its variants do not describe",
    "unevaluated-items-narrowed": "{subject} takes fewer of the items that its variants do not describe",
    "unevaluated-items-widened": "{subject} takes more of the items that its variants do not describe",
    "unevaluated-items-changed": "{subject} takes other items that its variants do not describe",
    "schema-forbidden": "{subject} is not admitted any more",
    "schema-allowed": "{subject} is admitted now",
    "schema-narrowed": "{subject} is written anew, and admits less",
    "schema-widened": "{subject} is written anew, and admits more",
    "schema-changed": "{subject} is written anew, and admits something else",
    "read-only-added": "{subject} is only answered now; what is sent in it is ignored or refused",
    "read-only-removed": "{subject} may be sent as well now",
    "write-only-added": "{subject} is only sent now, and not answered any more",
    "write-only-removed": "{subject} may be answered as well now",
    "default-added": "{subject} counts as {after} where it is left out",
    "default-removed": "{subject} counts as nothing certain where it is left out, and no longer as {before}",
    "default-changed": "{subject} counts as {after} where it is left out, and no longer as {before}",
    "discriminator-added": "{subject} has a discriminator now",
    "discriminator-removed": "{subject} has no discriminator any more",
    "discriminator-changed": "variants of {subject} are told apart by {after}, and no longer by {before}",
    "discriminator-default-added": "values that name no variant of {subject} stand for {after} now",
    "discriminator-default-removed": "values that name no variant of {subject} no longer stand for {before}",
    "discriminator-default-changed": "values that name no variant of {subject} stand for {after},"
    " and no longer for {before}",
    "discriminator-value-added": "{after} names a variant of {subject} now",
    "discriminator-value-removed": "{before} names no variant of {subject} any more",
    "discriminator-value-changed": "{after} names another variant of {subject} now",
    "content-media-type-added": "{subject} holds {after} now",
    "content-media-type-removed": "{subject} may hold anything, and not only {before}",
    "content-media-type-changed": "{subject} holds {after}, and no longer {before}",
    "echo-added": "{subject} answers what was sent: {after}",
    "echo-removed": "{subject} no longer answers what was sent",
    "echo-changed": "{subject} answers {after}, and no longer {before}",
    "server-value-added": "the server gives the value of {subject}: {after}",
    "server-value-removed": "the server no longer gives the value of {subject}: it was {before}",
    "server-value-changed": "the server gives {subject} another value: {after}, and no longer {before}",
    "relation-added": "{subject} holds ids of the collection {after}",
    "relation-removed": "{subject} no longer holds ids of the collection {before}",
    "relation-changed": "{subject} holds ids of the collection {after}, and no longer of {before}",
    "localized-added": "{subject} has a value per locale now",
    "localized-removed": "{subject} no longer has a value per locale",
    "leniency-added": "a server may take {subject} beyond the contract",
    "leniency-removed": "it is not said any more what a server takes of {subject} beyond the contract",
    "leniency-changed": "what a server takes of {subject} beyond the contract is said otherwise",
    "invariants-added": "{subject} holds for every answer now",
    "invariants-removed": "{subject} is not promised any more",
    "violation-added": "{subject} tells of what is wrong",
    "violation-removed": "{subject} no longer tells of what is wrong",
    "violation-changed": "{subject} tells otherwise of what is wrong",
    "deprecated": "{subject} is deprecated now{until}",
    "deprecation-removed": "{subject} is not deprecated any more",
    "sunset-added": "{subject} may go from {after} on",
    "sunset-passed": "{subject} may go from {after} on, a day that has come already",
    "sunset-earlier": "{subject} may go from {after} on, and not only from {before}",
    "sunset-later": "{subject} stays until {after}, and not only until {before}",
    "sunset-removed": "it is not said any more until when {subject} stays",
    "format-annotation-changed": "`format` of {subject} is {after} now, where it was {before};"
    " it limits nothing",
    "description-changed": "{subject} is described in other words",
}
_ASPECTS: Mapping[str, str] = {
    "narrowed": "{aspect} of {subject} admits less: {now}, where {was}",
    "widened": "{aspect} of {subject} admits more: {now}, where {was}",
    "changed": "{aspect} of {subject} admits something else: {now}, where {was}",
}
_BREAKS: Mapping[str, str] = {
    "request": "requests that were right may be refused",
    "response": "answers may hold what callers do not expect",
    "both": "requests that were right may be refused, and answers hold what callers do not expect",
}
_ABSENT = "requests that leave it out mean something else"
_BREAKS_OTHERWISE: Mapping[str, str] = {
    "default-changed": _ABSENT,
    "default-removed": _ABSENT,
    "server-removed": "requests that are sent there do not arrive",
}
_TOLD: Mapping[str, str] = {
    "undecided": "neither a proof nor a counterexample was found, so it counts as breaking",
    "sunset": "its end had been announced",
}
_MOST = 10
"""Values that are listed."""


def message(
    code: str, subject: str, before: Any, after: Any, verdict: Verdict, side: Side, ground: Ground
) -> str:
    """One sentence without a full stop: what changed, and what that means for callers."""
    aspect, _, change = code.rpartition("-")
    text = _SENTENCES.get(code) or _values(aspect, before, after) or _ASPECTS[change]
    told = text.format(
        aspect=f"`{_keyword(aspect)}`",
        subject=subject,
        before=_shown(before),
        after=_shown(after),
        was=f"it was {_shown(before)}" if before is not None else "there was none",
        now=_shown(after) if after is not None else "there is none",
        raw_before=before,
        named="",
        until=f", and may go from {_shown(after)} on" if after else "",
    )
    if ground in _TOLD:
        return f"{told}: {_TOLD[ground]}"
    breaks = _BREAKS_OTHERWISE.get(code, _BREAKS[side])
    return f"{told}: {breaks}" if verdict == "breaking" else told


def listed(names: Sequence[str]) -> str:
    """*names* in a sentence: `A, B and C`."""
    shown = [*names[:_MOST], f"{len(names) - _MOST} more"] if len(names) > _MOST else names
    return " and ".join((", ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else shown[0]


def _values(aspect: str, before: Any, after: Any) -> str:
    """The sentence about lists of values: which are gone, and which are new."""
    if aspect != "enum" or not isinstance(before, list) or not isinstance(after, list):
        return ""
    gone = [value for value in before if value not in after]
    new = [value for value in after if value not in before]
    parts = [_values_are(new, "new")] * bool(new) + [_values_are(gone, "gone")] * bool(gone)
    told = " and ".join(parts).replace("{", "{{").replace("}", "}}")
    return f"of the values of {{subject}}, {told}" if parts else ""


def _values_are(values: list[Any], what: str) -> str:
    shown = ", ".join(f"`{show(value)}`" for value in values[:_MOST])
    more = f" and {len(values) - _MOST} more" if len(values) > _MOST else ""
    return f"{shown}{more} {'is' if len(values) == 1 else 'are'} {what}"


def _keyword(aspect: str) -> str:
    first, *others = aspect.split("-")
    return first + "".join(word.capitalize() for word in others)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) and "`" in value else f"`{show(value)}`"


_ADVICE: Mapping[str, str] = {
    "operation-removed": "keep it, mark it `deprecated` with an `x-sunset`, and remove it after that day",
    "operation-moved": "keep the old place as well until its `x-sunset`",
    "operation-id-changed": "keep the `operationId`, or tell those who generate code from it",
    "parameter-added": "make it optional, with a `default`",
    "parameter-removed": "keep it, mark it `deprecated` with an `x-sunset`, and remove it after that day",
    "parameter-required": "leave it optional, with a `default`",
    "parameter-style-changed": "add a parameter of another name for the new style",
    "body-required": "leave it optional",
    "media-type-removed": "keep taking and answering it until it is deprecated",
    "status-added": "answer with a status that is documented, or publish a new major version",
    "security-narrowed": "let the old way in as well until callers have moved",
    "security-changed": "let the old way in as well until callers have moved",
    "server-removed": "keep the old server, or redirect from it",
    "member-required": "leave it optional for what is sent; it may be asked for in a new version",
    "member-removed": "keep it, mark it `deprecated` with an `x-sunset`, and remove it after that day",
    "member-renamed": "add the new name beside the old one, and deprecate that",
    "sunset-passed": "tell a day that is still to come",
    "sunset-earlier": "keep to the day that was told",
    "default-changed": "keep the default; who wants the other value can send it",
}
_GENERAL: Mapping[str, str] = {
    "request": "take what was taken as well, or publish a new major version",
    "response": "answer within what was documented, or publish a new major version",
    "both": "keep to what was documented, or publish a new major version",
}


def advice(
    code: str, after: Any, verdict: Verdict, side: Side, ground: Ground, sunset: str = ""
) -> str:
    """What to do; empty where there is nothing to do."""
    if verdict == "breaking" and sunset:
        return f"keep it until `{sunset}`, the day that was told"
    if ground == "undecided":
        return "look at both schemas; if they admit the same, write them alike"
    if verdict == "breaking":
        if code == "member-added":
            return "make it optional" if side == "request" else _GENERAL[side]
        return _ADVICE.get(code, _GENERAL[side])
    if code == "deprecated":
        return "" if after else "tell with `x-sunset` from which day on it may go"
    return _ADVICE["operation-id-changed"] if code == "operation-id-changed" else ""
