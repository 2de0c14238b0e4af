"""The JSON of institutions' records and of refusals: its schemas, and how it is written."""
