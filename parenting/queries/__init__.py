"""All reads of parenting."""
