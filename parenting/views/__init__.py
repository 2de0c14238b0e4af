"""Pages of parenting."""
