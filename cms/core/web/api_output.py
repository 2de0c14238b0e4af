"""What every part of the JSON API answers with: moments as text, and refusals."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field

#: ISO 8601 with +08:00; written by ``times.iso``, so that validating an answer parses nothing.
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Problem(Schema):
    """Every error answer: a stable word, a sentence for people, and what is wrong with which field."""

    code: str
    message: str
    fields: dict[str, str] | None = None
