"""
The mock in tests: on a free port, or in this process without a socket.

    from leadline_mock import serving

    with serving(spec="openapi.yaml") as mock:
        mock.fail_next(status=503)
        ...
        mock.assert_called_with("createLead", body={"reason": "Duplicate"}, count=2)
"""

from leadline_mock.testing.inprocess import InProcessMock, in_process
from leadline_mock.testing.making import BadMock, Options
from leadline_mock.testing.running import RunningMock, serving
from leadline_mock.testing.view import View

__all__ = [
    "BadMock",
    "InProcessMock",
    "Options",
    "RunningMock",
    "View",
    "in_process",
    "serving",
]
