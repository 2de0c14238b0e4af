"""Settings of the suite: quick hashing, plain static files, no services unless the environment names them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cms.core.runtime import env, owner_words

from .base import *  # noqa: F403
from .base import BASE_DIR, INSTALLED_APPS, STORAGES
from .local import SAMPLE_OWNER_WORDS

# Fixed values are right here: tests compare what they produce, and no test data outlives the run.
SECRET_KEY = "only-for-tests-" + "0" * 50
FIELD_ENCRYPTION_KEYS = [
    "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "b2xkZXItb2xkZXItb2xkZXItb2xkZXItb2xkZXItb2w=",
]
SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
WAGTAILADMIN_BASE_URL = SITE_URL
DATABASES = {"default": env.database(default="sqlite:///var/test.sqlite3", base_dir=BASE_DIR)}
EMBEDDED_DATABASE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
WAGTAIL_AUTOSAVE_INTERVAL = 0
OWNER_WORDS = owner_words.read(SAMPLE_OWNER_WORDS)

DEMO_INSTALLED = True
# The last one only checks that each app has one line of migrations (max_migration.txt, docs/testing.md).
INSTALLED_APPS = [*INSTALLED_APPS, "cms.demo", "django_linear_migrations"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.gettempdir()) / "tuoyu-test-media"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PAGE_CACHE_SECONDS = 0
TRUSTED_PROXY_COUNT = 0
