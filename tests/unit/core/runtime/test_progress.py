"""A bar that is rewritten on a terminal, and a line for every tenth elsewhere."""

from __future__ import annotations

import io

import pytest

from cms.core.runtime.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, steps: list[int], total: int) -> str:
    bar = ProgressBar(stream, "rows")
    for done in steps:
        bar(done, total)
    return stream.getvalue()


def test_file_gets_a_line_for_every_new_tenth() -> None:
    assert shown(io.StringIO(), [0, 9, 10, 11, 19, 20, 100], 100).splitlines() == [
        "rows 0/100",
        "rows 10/100",
        "rows 20/100",
        "rows 100/100",
    ]


@pytest.mark.parametrize(
    ("done", "total", "blocks", "ending"),
    [(0, 2, 0, ""), (1, 2, 15, ""), (99, 100, 29, ""), (2, 2, 30, "\n"), (3, 2, 30, "\n"), (0, 0, 30, "\n")],
)
def test_terminal_gets_one_line_that_ends_when_all_is_done(done: int, total: int, blocks: int, ending: str) -> None:
    bar = f"{'█' * blocks:<30}"

    assert shown(Terminal(), [done], total) == f"\rrows {bar} {done}/{total}{ending}"


def test_stream_without_a_terminal_question_is_a_file() -> None:
    class Plain:
        def __init__(self) -> None:
            self.lines: list[str] = []

        def write(self, text: str) -> None:
            self.lines.append(text)

    stream = Plain()
    ProgressBar(stream, "rows")(1, 1)

    assert stream.lines == ["rows 1/1\n"]
