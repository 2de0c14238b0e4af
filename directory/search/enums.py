"""Choices of the search index."""

from __future__ import annotations

from django.db import models


class PostingPart(models.IntegerChoices):
    WORD = 0, "word"
    FACET = 1, "facet"
    COLUMN = 2, "column"
