"""
What goes wrong on purpose: how it is said, how often it happens and to whom, what becomes of the answer.

    from leadline_mock.faults import Fault, FaultPlan

    plan = FaultPlan([Fault(status=503, retry_after=2, rate=0.1)], seed=7)
    plan.arm(Fault(reset=True), times=2, run="checkout", operation="createLead")
"""

from leadline_mock.faults.applying import FAULT_HEADER, applied, misread
from leadline_mock.faults.armory import Armory
from leadline_mock.faults.checks import BadFault
from leadline_mock.faults.fault import Fault
from leadline_mock.faults.forms import fault_from_json, fault_from_text, value_from_text
from leadline_mock.faults.percentiles import Percentiles
from leadline_mock.faults.plan import FaultPlan

__all__ = [
    "FAULT_HEADER",
    "Armory",
    "BadFault",
    "Fault",
    "FaultPlan",
    "Percentiles",
    "applied",
    "fault_from_json",
    "fault_from_text",
    "misread",
    "value_from_text",
]
