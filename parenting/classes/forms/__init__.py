"""Forms of parenting."""
