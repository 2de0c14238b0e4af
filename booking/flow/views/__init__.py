"""The parent's booking flow: one thing per page."""
