"""Reads of the demo."""
