"""Model fields that behave as the next Django will."""

from __future__ import annotations

from typing import Any

from django.db import models


class WebAddressField(models.URLField):
    """A URL whose form takes ``example.cn`` as https, without a migration of its own."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
