#!/usr/bin/env python
"""Command line of the site; the settings are `cms.settings.dev` unless the environment names others."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from cms.core.runtime.env import EnvironmentProblem


def main() -> None:
    """Run the command, turning a wrong environment into one sentence instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except EnvironmentProblem as problem:
        sys.exit(f"Configuration: {problem}")


if __name__ == "__main__":
    main()
