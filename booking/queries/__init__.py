"""All reads of booking."""
