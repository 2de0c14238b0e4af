"""The family's own pages, all under `me/`."""

from __future__ import annotations

from django.urls import path

from cms.accounts.family.views import children, family

# /me/children/
urlpatterns = [
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
