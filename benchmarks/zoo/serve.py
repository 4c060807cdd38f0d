"""Run one server of the zoo: `python -m benchmarks.zoo.serve NAME`, or `--list`.

Prints `{"ready": true, "url": …}` once it listens, and ends with the process that started it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from benchmarks.zoo.catalogue import ALL, app
from benchmarks.zoo.wire import listen


def main(arguments: list[str]) -> int:
    """Serve until the parent ends."""
    if arguments == ["--list"]:
        for name, variant in ALL.items():
            print(f"{name:36} {variant.defect}")
        return 0
    if len(arguments) != 1 or arguments[0] not in ALL:
        print("usage: python -m benchmarks.zoo.serve NAME | --list", file=sys.stderr)
        return 2
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    server = listen(app(arguments[0]))
    print(json.dumps({"ready": True, "url": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    server.serve_forever(0.05)
    return 0


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
