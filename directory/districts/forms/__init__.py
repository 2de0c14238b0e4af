"""Forms of the admin for districts, and the bases of all forms of the admin."""
