"""The measure of all figures: a bare Django view without middleware."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """The least a view can do."""
    return HttpResponse("hello")


urlpatterns = [path("hello", hello)]


def application_of() -> WSGIHandler:
    """A WSGI application of this module alone."""
    settings.configure(
        ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bench", DEBUG=False
    )
    django.setup()
    return WSGIHandler()
