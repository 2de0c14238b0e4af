"""Wagtail admin views of the directory: lists and forms scoped to the person's districts, saved through services."""
