"""Entry of the hello server."""

from __future__ import annotations

from tests.bench.hello import application_of

application = application_of()
