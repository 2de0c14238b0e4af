"""What a user may see and end of their account, all under `me/`."""

from __future__ import annotations

from django.urls import path

from cms.accounts.signin.views import privacy

# /me/privacy/
urlpatterns = [
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/export/", privacy.export, name="export"),
    path("privacy/data/", privacy.own_data_page, name="own-data"),
    path("privacy/sessions/end/", privacy.sessions_end, name="sessions-end"),
    path("privacy/sessions/<int:session>/end/", privacy.session_end, name="session-end"),
    path("privacy/account/", privacy.account_close, name="account-close"),
]
