"""The comparison as JUnit XML: a test case for each class of cases of each operation."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from leadline_contracts.compare.divergence import Divergence
from leadline_contracts.compare.report import NOTHING_COMPARED, Comparison
from leadline_contracts.reports.junit import clean
from leadline_contracts.reproduction.shell import curl


def render(comparison: Comparison) -> str:
    """
    The comparison as XML text.

    A divergence is a failure of the class to which its smallest case belongs.
    """
    suite = ET.Element("testsuite", name=clean(" and ".join(comparison.urls)))
    for one in comparison.areas:
        case = _case(suite, one.operation, one.area)
        for found in comparison.divergences:
            evidence = found.left.case
            if (evidence.operation.label, evidence.kind) == (one.operation, one.area):
                failure = ET.SubElement(case, "failure", message=clean(found.message))
                failure.text = clean(_told(comparison, found))
    for operation, reason in comparison.unchecked.items():
        skipped = ET.SubElement(_case(suite, operation, "not compared"), "skipped")
        skipped.set("message", clean(reason))
    if comparison.verdict == NOTHING_COMPARED or comparison.gone:
        message = comparison.stopped or comparison.suspect or "nothing was compared"
        ET.SubElement(_case(suite, "leadline", "compared"), "failure", message=clean(message))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase[failure]"))))
    suite.set("skipped", str(len(suite.findall("testcase[skipped]"))))
    suite.set("time", f"{comparison.seconds:.3f}")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, operation: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=clean(operation), name=clean(name), time="0")


def _told(comparison: Comparison, one: Divergence) -> str:
    lines = [f"A {one.difference.left}", f"B {one.difference.right}", f"in {one.count} cases"]
    sides = zip((one.left, one.right), comparison.urls, comparison.disclosed, strict=True)
    lines += [curl(exchange.case, url, disclosed) for exchange, url, disclosed in sides]
    return "\n".join(lines)
