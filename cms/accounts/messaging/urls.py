"""The messages of a user, all under `me/`."""

from __future__ import annotations

from django.urls import path

from cms.accounts.messaging import views as messages

# /me/messages/
urlpatterns = [
    path("messages/", messages.message_list, name="messages"),
    path("messages/read/", messages.messages_read, name="messages-read"),
    path("messages/<slug:message>/", messages.message_detail, name="message"),
]
