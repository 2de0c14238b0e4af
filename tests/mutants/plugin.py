"""Loaded by pytest inside a copy of the tree: records which test runs which line, or stops a test that never ends.

It must import nothing of the project: it is loaded from outside the copy.
"""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest

MEMORY = 4 << 30


class Recorder:
    """Line by line the tests that run it; a fixture of a module counts for the whole module, as ``module::``."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.json"
        roots = os.environ["MUTANTS_ROOTS"].split()
        self.coverage = coverage.Coverage(data_file=None, config_file=False, source=roots, omit=["*/migrations/*"])
        self.coverage.start()
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.context = ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.switch(item.nodeid)
        begun = sum(os.times()[:4])  # of the processor, so that a busy machine does not matter
        result = yield
        self.seconds[item.nodeid] = round(sum(os.times()[:4]) - begun, 3)
        self.switch("")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        before = self.context
        if fixturedef.scope != "function":
            self.switch(f"{request.node.nodeid}::" if request.node.nodeid else "")
        try:
            return (yield)
        finally:
            self.switch(before)

    def switch(self, context: str) -> None:
        if context != self.context:
            self.context = context
            self.coverage.switch_context(context)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {
            str(Path(name).relative_to(Path.cwd())): {
                line: [context for context in contexts if context]
                for line, contexts in data.contexts_by_lineno(name).items()
                if any(contexts)
            }
            for name in data.measured_files()
        }
        seconds = {test: spent for test, spent in self.seconds.items() if test not in self.failed}
        self.file.write_text(json.dumps({"seconds": seconds, "failed": sorted(self.failed), "lines": lines}))


class Limits:
    """A mutant may loop for ever or fill the memory: the alarm's default is to end the process."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        signal.alarm(self.seconds)
        result = yield
        signal.alarm(0)
        return result


def pytest_configure(config: pytest.Config) -> None:
    """One of the two, as the environment says; the process that only hands tests out records nothing."""
    if (limit := os.environ.get("MUTANTS_TEST_SECONDS")) is not None:
        config.pluginmanager.register(Limits(int(limit)), "mutants-limits")
        if config.pluginmanager.hasplugin("hypothesispytest"):
            stop_at_first_example()


def stop_at_first_example() -> None:
    """A mutant is dead with the first example that fails: looking for the smallest one takes minutes."""
    import hypothesis  # noqa: PLC0415  # slow to import, and used by few projects

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", phases=phases)
    hypothesis.settings.load_profile("mutants")


if "MUTANTS_RECORD" in os.environ:
    # At import: the project's modules are imported after this line, and lines of a module run once.
    recorder = Recorder(Path(os.environ["MUTANTS_RECORD"]))
    pytest_runtest_protocol = recorder.pytest_runtest_protocol
    pytest_fixture_setup = recorder.pytest_fixture_setup
    pytest_runtest_logreport = recorder.pytest_runtest_logreport
    pytest_sessionfinish = recorder.pytest_sessionfinish
