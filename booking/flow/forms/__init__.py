"""All forms of the parent's booking flow."""
