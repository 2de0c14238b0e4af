"""Addresses of the parent's booking flow. `booking/<institution id>/` is a public name that other pages link to."""

from __future__ import annotations

from django.urls import path

from booking.flow.views import check, done, steps, time

app_name = "booking"
urlpatterns = [
    path("check/<slug:booking>/", check.check, name="check"),
    path("check/<slug:booking>/again/", check.again, name="again"),
    path("done/<slug:booking>/", done.done, name="done"),
    path("calendar/<slug:booking>.ics", done.calendar, name="calendar"),
    path("<slug:public_id>/", steps.start, name="start"),
    path("<slug:public_id>/child/", steps.child, name="child"),
    path("<slug:public_id>/mode/", steps.mode, name="mode"),
    path("<slug:public_id>/time/", time.time, name="time"),
]
