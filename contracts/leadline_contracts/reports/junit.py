"""The report as JUnit XML: a test case for each area of each operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from leadline_contracts.case import Finding
from leadline_contracts.coverage import KINDS, Covered
from leadline_contracts.report import NOTHING_CHECKED, LeftOut, Report, Tested
from leadline_contracts.reports import living
from leadline_contracts.reproduction import commands

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (section 2.2)."""


def render(report: Report) -> str:
    """The report as XML text. A run that checked nothing holds one failed test case."""
    suite = ET.Element("testsuite", name=clean(f"{report.contract.title} at {report.url}"))
    if report.coverage.items:
        suite.append(_coverage(report.coverage))
    for tested in report.tested:
        suite.append(_case(report, tested))
    for operation, reason in report.unchecked.items():
        case = ET.SubElement(suite, "testcase", classname=clean(operation), name="not checked")
        case.set("time", "0")
        ET.SubElement(case, "skipped", message=clean(reason))
    limits = {one.operation: f"{one.reason}: {one.advice}" for one in report.left_out.limits}
    for name, operation in _left_out(report.left_out):
        case = ET.SubElement(suite, "testcase", classname=clean(operation), name=clean(name))
        case.set("time", "0")
        why = limits.get(operation) or report.stopped or "the operation was given up"
        ET.SubElement(case, "skipped", message=clean(why))
    if report.verdict == NOTHING_CHECKED:
        case = ET.SubElement(suite, "testcase", classname="leadline", name="anything checked")
        case.set("time", "0")
        ET.SubElement(case, "failure", message="nothing was checked")
    if missing := [f"not exercised: {one.kind}: {one.name}" for one in report.coverage.missing()]:
        ET.SubElement(suite, "system-out").text = clean("\n".join(missing))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("errors", "0")
    suite.set("time", f"{report.seconds:.3f}")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _left_out(left: LeftOut) -> Iterator[tuple[str, str]]:
    """The name and the class of a test case for each class of cases, and each phase, that was left out."""
    for (operation, kind), count in left.cases.items():
        yield f"{kind} ({count} requests not sent)", operation
    for phase in left.phases:
        yield f"{phase} (not gone through)", "leadline"


def _coverage(covered: Covered) -> ET.Element:
    """How much of each kind was exercised, in percent."""
    properties = ET.Element("properties")
    for kind in KINDS:
        percent = f"{covered.of(kind).percent:g}"
        ET.SubElement(properties, "property", name=f"coverage.{kind}", value=percent)
    overall = f"{covered.overall.percent:g}"
    ET.SubElement(properties, "property", name="coverage", value=overall)
    return properties


def _case(report: Report, tested: Tested) -> ET.Element:
    """A test case; where several findings belong to it, they are one failure, as JUnit has it."""
    name = f"{tested.area} ({tested.cases} requests)"
    case = ET.Element("testcase", classname=clean(tested.operation), name=clean(name))
    case.set("time", f"{tested.seconds:.3f}")
    if tested.findings:
        rules = dict.fromkeys(finding.breach.rule for finding in tested.findings)
        failure = ET.SubElement(case, "failure", type=", ".join(rules))
        messages = (finding.breach.message for finding in tested.findings)
        failure.set("message", clean("; ".join(messages)))
        failure.text = clean("\n\n".join(_text(report, one) for one in tested.findings))
    if known := living.known_in(report, tested):
        ET.SubElement(case, "system-out").text = clean("\n".join(known))
    return case


def _text(report: Report, finding: Finding) -> str:
    breach = finding.breach
    return "\n".join(
        [
            f"{breach.rule}: {breach.message}",
            f"rule:     {breach.pointer} ({report.contract.place(breach.pointer)})",
            f"expected: {breach.expected}",
            f"actual:   {breach.actual}",
            f"seen:     {finding.count} times",
            *commands(finding, report.url, report.disclosed),
        ]
    )


def clean(text: str) -> str:
    """*text* without what XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
