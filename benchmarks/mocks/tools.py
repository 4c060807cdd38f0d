"""What the benchmark needs besides Python: Linux, wrk, and node with the rivals in a folder of their own."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.mocks.work import ROOT

RIVALS = Path(__file__).with_name("rivals")
FOLDER = ROOT / "build" / "rivals"
FILES = ("package.json", "package-lock.json")


class Missing(Exception):
    """Something has to be installed first."""


def need(programs: Iterable[str]) -> None:
    """Raises `Missing`, in one sentence for all that is missing of *programs*."""
    if not Path("/proc/self/stat").exists():
        raise Missing("this benchmark reads /proc, which Linux alone has")
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        packages = {"node": "nodejs"}
        wanted = " ".join(packages.get(name, name) for name in missing)
        raise Missing(
            f"{' and '.join(missing)} cannot be found; on Debian: apt-get install {wanted}"
        )


def install(folder: Path = FOLDER) -> Path:
    """
    The rivals as their lock file has them, below *folder*; gives their `node_modules`.

    What is there already stays. Raises `Missing` with what npm said.
    """
    files = [RIVALS / name for name in FILES]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    home = (folder / digest).absolute()
    ready = home / ".ready"
    if not ready.exists():
        print(f"npm ci in {home} (once) …", file=sys.stderr, flush=True)
        home.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy2(file, home)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"npm ci failed: {done.stderr.strip()[-1000:]}")
        ready.touch()
    return home / "node_modules"
