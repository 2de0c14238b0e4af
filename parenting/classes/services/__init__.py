"""All writes of parenting."""
