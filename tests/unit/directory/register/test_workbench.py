"""The door of the workbench."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from directory.register.services.members import ManagerOnly
from directory.register.workbench import WorkbenchContext, for_managers
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionMemberFactory

pytestmark = pytest.mark.django_db


def test_manager_who_was_let_go_meanwhile_finds_nothing(rf: RequestFactory) -> None:
    @for_managers
    def act(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
        raise ManagerOnly

    request = rf.post("/")
    request.user = InstitutionMemberFactory(user=StaffUserFactory()).user

    with pytest.raises(Http404):
        act(request)
