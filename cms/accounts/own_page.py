"""How the pages of 我的 know who is there: always through the session, never through an address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cms.accounts.models import User
from cms.accounts.next_url import page_of, page_of_button
from cms.core.errors import NotFound

P = ParamSpec("P")
View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """A page of the flow or of 我的: without a session to sign-in and back."""
    return _guarded(view, page_of)


def own_page(view: Callable[Concatenate[HttpRequest, User, P], HttpResponse]) -> View:
    """A page of the signed-in user, never kept by anything in between; what is not theirs is a 404."""
    return signed_in(_for_user(view))


def own_act(view: Callable[Concatenate[HttpRequest, User, P], HttpResponse]) -> View:
    """An act of the signed-in user that takes POST alone: who has to sign in first comes back to the page that holds
    its button.
    """
    return require_POST(_guarded(_for_user(view), page_of_button))


def _guarded(view: View, back_to: Callable[[HttpRequest], str]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return redirect_to_login(back_to(request))

    return guarded


def _for_user(view: Callable[Concatenate[HttpRequest, User, P], HttpResponse]) -> View:
    @never_cache
    @wraps(view)
    def own(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, signed_in_user(request), *args, **kwargs)
        except NotFound as absent:
            raise Http404 from absent

    return own


def signed_in_user(request: HttpRequest) -> User:
    """The user of a view behind sign-in or a permission; 404 for anybody else."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user
