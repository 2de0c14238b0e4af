"""The parent's booking flow: one thing a page."""
