"""A rectification of the first release closed the institution; one that has ended left nothing behind."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from directory.register.models import Institution
from tests.factories.directory import InstitutionFactory

fill = import_module("directory.register.migrations.0007_fill_rectification_kind").fill
pytestmark = pytest.mark.django_db


def test_only_rectifications_under_way_get_their_kind() -> None:
    for state, kind in (("under_rectification", ""), ("under_rectification", "stops_new"), ("active", "")):
        made = InstitutionFactory(public=True)
        Institution.objects.filter(pk=made.pk).update(state=state, rectification_kind=kind)

    fill(apps, None)

    kinds = Institution.objects.order_by("pk").values_list("rectification_kind", flat=True)
    assert list(kinds) == ["closes", "stops_new", ""]
