"""The mock in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Running:
    """A mock that answers at *address*; what it complains about is in *complaints*."""

    pid: int
    address: tuple[str, int]
    complaints: IO[str]

    def memory(self, name: str) -> int:
        """`VmRSS` or `VmHWM` in kB; 0 where there is no /proc."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)

    def complained(self) -> str:
        """What it wrote on standard error, which is to be nothing."""
        self.complaints.seek(0)
        return self.complaints.read(4000)


@contextmanager
def running(options: list[str]) -> Iterator[Running]:
    """`leadline mock --port 0 --quiet` with further *options*; in the end it has to stop in good order."""
    command = [sys.executable, "-m", "leadline_cli", "mock", "--port", "0", "--quiet", *options]
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True)
        try:
            ready = process.stdout.readline() if process.stdout else ""
            url = urlsplit(json.loads(ready)["url"])
            yield Running(process.pid, (str(url.hostname), int(url.port or 0)), complaints)
            process.terminate()
            process.wait(30)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
