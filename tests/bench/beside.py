"""CPU of the web workers beside a hello under the same server, measured in turns so that both see the same machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.report import median
from tests.bench.servers import Server, cpu_per_request, database_cpu_seconds

HELLOS = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over the rounds: milliseconds of CPU, the same in hellos, and PostgreSQL's milliseconds beside it."""

    milliseconds: float
    hellos: float
    database: float


def cost_beside(hello: Server, site: Server, act: Callable[[int], int], *, rounds: int) -> Cost:
    """What one act costs; ``act`` is told the round and answers how many acts it did."""
    costs, ratios, beside = [], [], []
    for number in range(rounds):
        base = cpu_per_request(hello, "/hello", count=HELLOS)
        before, database = site.cpu_seconds(), database_cpu_seconds()
        count = act(number)
        costs.append((site.cpu_seconds() - before) / count * 1000)
        beside.append((database_cpu_seconds() - database) / count * 1000)
        ratios.append(costs[-1] / base)
    return Cost(median(costs), median(ratios), median(beside))
