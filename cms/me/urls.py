"""A parent's own pages."""

from __future__ import annotations

from django.urls import path

from cms.me.views import bookings

app_name = "me"
urlpatterns = [
    path("bookings/", bookings.booking_list, name="bookings"),
    path("bookings/<slug:booking>/", bookings.booking_detail, name="booking"),
    path("bookings/<slug:booking>/cancel/", bookings.booking_cancel, name="booking-cancel"),
]
