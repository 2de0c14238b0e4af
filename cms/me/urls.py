"""A parent's own pages."""

from __future__ import annotations

from django.urls import path

from cms.me.views import bookings, children, family, home, messages, privacy

app_name = "me"

# /me/
urlpatterns = [path("", home.home, name="home")]

# /me/bookings/
urlpatterns += [
    path("bookings/", bookings.booking_list, name="bookings"),
    path("bookings/<slug:booking>/", bookings.booking_detail, name="booking"),
    path("bookings/<slug:booking>/cancel/", bookings.booking_cancel, name="booking-cancel"),
]

# /me/children/
urlpatterns += [
    path("children/", children.children, name="children"),
    path("children/add/", children.child_add, name="child-add"),
    path("children/consent/", children.consent_renew, name="consent-renew"),
    path("children/<slug:child>/", children.child_edit, name="child-edit"),
    path("children/<slug:child>/delete/", children.child_delete, name="child-delete"),
]

# /me/family/
urlpatterns += [
    path("family/", family.family, name="family"),
    path("family/join/", family.family_join, name="family-join"),
    path("family/name/", family.family_name, name="family-name"),
    path("family/leave/", family.family_leave, name="family-leave"),
    path("family/invites/withdraw/", family.invites_withdraw, name="invites-withdraw"),
    path("family/<int:member>/remove/", family.member_remove, name="member-remove"),
    path("pickup/", family.pickup, name="pickup"),
    path("pickup/<slug:person>/remove/", family.pickup_remove, name="pickup-remove"),
]

# /me/messages/
urlpatterns += [
    path("messages/", messages.message_list, name="messages"),
    path("messages/read/", messages.messages_read, name="messages-read"),
    path("messages/<slug:message>/", messages.message_detail, name="message"),
]

# /me/privacy/
urlpatterns += [
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/export/", privacy.export, name="export"),
    path("privacy/sessions/end/", privacy.sessions_end, name="sessions-end"),
    path("privacy/sessions/<int:session>/end/", privacy.session_end, name="session-end"),
    path("privacy/account/", privacy.account_close, name="account-close"),
]
