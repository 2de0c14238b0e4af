"""我的预约, under `me/`."""

from __future__ import annotations

from django.urls import path

from booking.flow.views import my_bookings as bookings

# /me/bookings/
urlpatterns = [
    path("bookings/", bookings.booking_list, name="bookings"),
    path("bookings/<slug:booking>/", bookings.booking_detail, name="booking"),
    path("bookings/<slug:booking>/cancel/", bookings.booking_cancel, name="booking-cancel"),
]
