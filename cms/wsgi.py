"""Entry point of the web workers."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

from cms.celery import app as celery_app
from cms.core.runtime.env import EnvironmentProblem

__all__ = ["application", "celery_app"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
try:
    application = get_wsgi_application()
except EnvironmentProblem as problem:
    sys.exit(f"Configuration: {problem}")
