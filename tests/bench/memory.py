"""Memory of a web worker over 2,000 mixed requests."""

from __future__ import annotations

from tests.bench.ground import Ground
from tests.bench.inside import Institution
from tests.bench.pages import VISITOR, detail_path, list_path
from tests.bench.report import Report
from tests.bench.servers import Server, serve

REQUESTS = 2000


def bench_memory(report: Report, ground: Ground) -> None:
    """Resident size at the half and at the end."""
    details = [f"/institutions/{public_id}/" for public_id in _some()]
    paths = ["/", list_path(), detail_path(), "/classes/", "/institutions/?q=jianxi", "/api/v1/institutions", *details]
    with serve("cms.wsgi") as site:
        half = _round(site, paths, REQUESTS // 2)
        end = _round(site, paths, REQUESTS // 2)
    figure = f"{half:.0f} MB at the half, {end:.0f} MB at the end"
    reached = end <= 200 and end <= half * 1.03 + 1
    report.add("a web worker after 2,000 mixed requests", figure, "≤200 MB, no growth", reached, value=round(end))


def _some() -> list[str]:
    found = Institution.objects.filter(is_public=True).order_by("pk").values_list("public_id", flat=True)
    return list(found[:40])


def _round(site: Server, paths: list[str], count: int) -> float:
    link = site.connect()
    for number in range(count):
        link.request("GET", paths[number % len(paths)], headers={"Host": "127.0.0.1", **VISITOR})
        answer = link.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{paths[number % len(paths)]} answered {answer.status}")
    link.close()
    return site.resident_megabytes()
