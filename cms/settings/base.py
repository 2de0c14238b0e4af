"""What every way to run shares; values that differ by machine come from the environment (`.env.example`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from cms.core.runtime import env, map_tiles

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
DEBUG = False

INSTALLED_APPS = [
    "cms.core",
    "cms.accounts",
    "cms.media",
    "directory.districts",
    "directory.register",
    "directory.search",
    "directory.lists",
    "directory.site",
    "booking.places",
    "booking.care",
    "booking.flow",
    "parenting.classes",
    "cms.workbench",
    "cms.me",
    "cms.pages",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
]

# The page cache stands first: a hit costs nothing of what stands below it.
MIDDLEWARE = [
    "cms.core.web.page_cache.PageCacheMiddleware",
    "cms.core.web.middleware.RequestIdMiddleware",
    "cms.core.web.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    # It routes the JSON API itself: nothing below runs for /api/.
    "cms.accounts.signin.middleware.ApiSessionMiddleware",
    "cms.core.web.middleware.ContentPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cms.accounts.signin.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cms.core.web.middleware.DisplayMiddleware",
    "cms.core.web.middleware.StepPageMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.pages.frame.frame",
            ],
        },
    },
]
FORM_RENDERER = "cms.core.display.form_rendering.SiteFormRenderer"

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cms.core.web.static_storage.BundlingStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
# Turn off where a proxy in front serves `images` and `original_images`, and nothing else of the folder.
SERVE_MEDIA = env.flag("SERVE_MEDIA", default=True)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Services of the environment; "" means the embedded default
REDIS_URL = env.service_address("REDIS_URL", schemes=("redis", "rediss", "unix"))
ELASTICSEARCH_URL = env.service_address("ELASTICSEARCH_URL", schemes=("http", "https"))
ELASTICSEARCH_INDEX_PREFIX = env.text("ELASTICSEARCH_INDEX_PREFIX", "tuoyu")

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tuoyu",
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tuoyu"}
}
# Local memory is per process, so in the embedded default counters and the cache version live in the database.
SHARED_STATE = "cache" if REDIS_URL else "database"
PAGE_CACHE_SECONDS = 30
# Without a token `/metrics` answers this machine alone.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# Jobs: the outbox is drained by Celery over Redis, or by `manage.py run_jobs`
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5}
CELERY_BEAT_SCHEDULE = {
    "drain the outbox": {"task": "core.drain_outbox", "schedule": 5.0},
    "run due jobs": {"task": "core.run_due_jobs", "schedule": 30.0},
}

# With a copy of the database, what was read from it is still written to the database (cms/core/runtime/replica.py).
DATABASE_ROUTERS = ["cms.core.runtime.replica.WritesStayHome"]

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/me/"
LOGOUT_REDIRECT_URL = "/"
# Of allauth only the second factors are used; none of its addresses is mounted (docs/adr/0040).
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "cms.accounts.signin.second_factors.EncryptingAdapter"
MFA_TOTP_ISSUER = "托育服务"
# A password session of staff ends after a working day, a parent's after a month.
STAFF_SESSION_SECONDS = 60 * 60 * 12
API_CALLS_PER_MINUTE = 600
# No proxy of our own in front unless production says so: headers about addresses are not believed.
TRUSTED_PROXY_COUNT = 0

# Text messages: console, aliyun or tencent; template ids as `confirmed=SMS_1,reminder=SMS_2`
SMS_ADAPTER = env.text("SMS_ADAPTER", "console")
SMS_PROVIDER_KEY_ID = env.text("SMS_PROVIDER_KEY_ID", "")
SMS_PROVIDER_KEY_SECRET = env.text("SMS_PROVIDER_KEY_SECRET", "")
SMS_PROVIDER_APP_ID = env.text("SMS_PROVIDER_APP_ID", "")
SMS_PROVIDER_REGION = env.text("SMS_PROVIDER_REGION", "ap-guangzhou")
SMS_SIGN_NAME = env.text("SMS_SIGN_NAME", "")
SMS_TEMPLATE_IDS = env.pairs("SMS_TEMPLATE_IDS")

# Cookies and browser policy
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Messages in a cookie would follow an anonymous visitor past the page cache.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "cms.core.web.views.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Wagtail shows its previews in a frame of the same site.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "object-src": [NONE],
    },
}
# A source of map tiles for the previews of positions in the admin; without one nothing is fetched from elsewhere.
MAP_TILES = map_tiles.tile_address("MAP_TILES")
MAP_TILES_SYSTEM = map_tiles.tile_system("MAP_TILES_SYSTEM")
MAP_TILES_CREDIT = env.text("MAP_TILES_CREDIT", "")
# Wagtail's admin still needs inline scripts and styles.
ADMIN_CONTENT_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:", *map_tiles.origins(MAP_TILES)],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
    "object-src": [NONE],
}

# Wagtail
WAGTAIL_SITE_NAME = "托育服务"
WAGTAILIMAGES_IMAGE_MODEL = "media.CustomImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.CustomDocument"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "heic"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "csv", "txt", "zip"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.core.runtime.editor_search"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# One zone for everybody: what is written as 9:00 is 9:00 at the door.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_LOGIN_URL = "/staff/sign-in/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "private": {"()": "cms.core.web.logs.PrivacyFilter"},
        "api_refusals": {"()": "cms.core.web.logs.ApiRefusalFilter"},
    },
    "formatters": {
        "json": {"()": "cms.core.web.logs.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["private", "api_refusals"],
        },
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # One line per search request would drown everything else; failures are logged by the search itself.
        "elastic_transport": {"level": "ERROR"},
        # Wagtail tells every page and task at INFO; its own log entries in the database say the same.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
    },
}
