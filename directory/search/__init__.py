"""Finding institutions: one question, one result, two engines that answer alike (docs/search.md)."""
