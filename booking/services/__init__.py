"""All writes of booking."""
