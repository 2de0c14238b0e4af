"""Bases of the staff admin, and the districts in it."""
