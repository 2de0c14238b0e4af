"""Public pages of the directory."""
