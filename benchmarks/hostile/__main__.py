"""Attack the mock, or have many clients use it; exit code 1 where something is wrong."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time

from benchmarks.hostile import __doc__ as about
from benchmarks.hostile.answers import read
from benchmarks.hostile.attacks import request
from benchmarks.hostile.campaign import Campaign, Line, Problem, Tally
from benchmarks.hostile.crowd import Crowd
from benchmarks.hostile.server import Running, running

MOST_ENTRIES = 1000
SHOWN = 4000
SLOW = 10.0


def main() -> int:
    """What the options say."""
    options = _options()
    with running(options.mock) as server:
        wrong = asyncio.run(
            _crowd(server, options) if options.clients else _campaign(server, options)
        )
        complained = server.complained()
    if complained:
        wrong.append(f"the mock wrote on standard error: {complained}")
    for line in wrong:
        print(f"WRONG: {line}")
    print("something is wrong" if wrong else "nothing is wrong")
    return 1 if wrong else 0


async def _campaign(server: Running, options: argparse.Namespace) -> list[str]:
    campaign = Campaign(server.address, options.seed)
    if options.only is not None:
        await campaign.one(options.only)
        print(dict(campaign.tally.statuses))
        return [_told(problem, options.seed) for problem in campaign.tally.problems]
    await campaign.run(iter(range(min(2000, options.requests))), options.connections)  # warm
    before, start = server.memory("VmRSS"), time.monotonic()
    numbers = iter(range(2000, options.requests))
    background = [
        *(campaign.slow(options.requests + number, SLOW) for number in range(options.slow)),
        *(campaign.stuck(options.requests + number) for number in range(options.slow)),
        *(campaign.mute(SLOW) for _ in range(options.slow // 4)),
    ]
    await asyncio.gather(campaign.run(numbers, options.connections), *background)
    _print_tally(campaign.tally, time.monotonic() - start)
    entries = await _entries(server)
    after, most = server.memory("VmRSS"), server.memory("VmHWM")
    print(
        f"memory: {before // 1024} MB after 2000 requests, {after // 1024} MB at the end, ", end=""
    )
    print(f"{most // 1024} MB at most; journal: {entries} entries")
    wrong = [_told(problem, options.seed) for problem in campaign.tally.problems[:10]]
    if (more := len(campaign.tally.problems) - 10) > 0:
        wrong.append(f"and {more} more")
    if not 0 < entries <= MOST_ENTRIES:
        wrong.append(f"the journal has {entries} entries")
    if most > options.memory * 1024:
        wrong.append(f"the mock took more than {options.memory} MB")
    return wrong


async def _entries(server: Running) -> int:
    """How much the journal holds; a mock that is well tells it."""
    line = await Line.open(server.address)
    line.writer.write(request(b"GET", b"/__leadline/requests", [], None))
    answer = await read(line.reader)
    line.close()
    return len(json.loads(answer.body)["requests"]) if answer and answer.status == 200 else -1


async def _crowd(server: Running, options: argparse.Namespace) -> list[str]:
    crowd = Crowd(options.clients, options.seconds)
    await crowd.run(server.address)
    rate = crowd.answers / options.seconds
    print(
        f"{options.clients} clients, {options.seconds:g} s: {crowd.answers} answers, {rate:.0f}/s, ",
        end="",
    )
    print(f"{len(crowd.ids)} ids, {server.memory('VmHWM') // 1024} MB at most")
    return crowd.problems if crowd.answers else [*crowd.problems, "nobody got an answer"]


def _print_tally(tally: Tally, seconds: float) -> None:
    total = sum(sum(statuses.values()) for statuses in tally.statuses.values())
    print(f"{total} answers in {seconds:.0f} s")
    for kind, statuses in sorted(tally.statuses.items()):
        slowest, number = tally.slowest.get(kind, (0.0, 0))
        told = " ".join(f"{status}:{count}" for status, count in sorted(statuses.items()))
        print(f"  {kind:18} slowest {slowest * 1000:7.0f} ms (#{number})  {told}")


def _told(problem: Problem, seed: int) -> str:
    data, number = problem.attack.data, problem.number
    again = f"python -m benchmarks.hostile --seed {seed} --only {number}"
    shown = repr(data) if len(data) <= SHOWN else f"{data[:200]!r}… ({len(data)} bytes)"
    return f"#{number}, {problem.attack.kind}: {problem.what}\n  {again}\n  {shown}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.hostile",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="send just this one")
    parser.add_argument("--connections", type=int, default=48)
    parser.add_argument("--slow", type=int, default=40, help="slow senders, and those that stop")
    parser.add_argument(
        "--memory", type=int, default=1000, metavar="MB", help="the mock may take so much"
    )
    parser.add_argument(
        "--clients", type=int, default=0, help="have so many clients use the mock instead"
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("mock", nargs="*", help="further options of the mock, after --")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
