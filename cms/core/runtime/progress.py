"""A progress bar for commands, on standard error, so that standard output stays what the command answers."""

from __future__ import annotations

from typing import TextIO

WIDTH = 30


class ProgressBar:
    """Call it with (done, total). On a terminal one line is rewritten; elsewhere every tenth is a line of its own."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self.stream = stream
        self.label = label
        self.is_terminal = bool(getattr(stream, "isatty", lambda: False)())
        self.last_tenth = -1

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is; ``total`` may be a guess that ``done`` passes."""
        share = min(done / total, 1.0) if total else 1.0
        tenth = int(share * 10)
        if self.is_terminal:
            bar = "█" * int(share * WIDTH)
            ending = "\n" if share >= 1 else ""
            self.stream.write(f"\r{self.label} {bar:<{WIDTH}} {done}/{total}{ending}")
            self.stream.flush()
        elif tenth > self.last_tenth:
            self.stream.write(f"{self.label} {done}/{total}\n")
        self.last_tenth = tenth
