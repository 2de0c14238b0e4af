"""Forms of the directory: the admin's, and those of invites."""
