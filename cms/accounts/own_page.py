"""How the pages of 我的 know who is there: always through the session, never through an address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from cms.accounts.models import User
from cms.core.errors import NotFound

P = ParamSpec("P")


def own_page(view: Callable[Concatenate[HttpRequest, User, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the signed-in user, never kept by anything in between; what is not theirs is a 404."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, signed_in_user(request), *args, **kwargs)
        except NotFound as absent:
            raise Http404 from absent

    return guarded


def signed_in_user(request: HttpRequest) -> User:
    """The user of a view behind ``login_required`` or a permission; 404 for anybody else."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
