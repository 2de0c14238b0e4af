"""Addresses below /classes/."""

from __future__ import annotations

from django.urls import path

from parenting.classes.views import sessions, signups

app_name = "parenting"

urlpatterns = [
    path("", sessions.session_list, name="session-list"),
    path("mine/", signups.my_sessions, name="my-sessions"),
    path("<slug:public_id>/", sessions.session_detail, name="session-detail"),
    path("<slug:public_id>/calendar.ics", sessions.session_calendar, name="session-calendar"),
    path("<slug:public_id>/sign-up/", signups.signup, name="signup"),
    path("<slug:public_id>/signed-up/", signups.signup_done, name="signup-done"),
    path("<slug:public_id>/cancel/", signups.signup_cancel, name="signup-cancel"),
]
