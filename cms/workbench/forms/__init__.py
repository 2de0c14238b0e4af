"""Forms of the workbench, one a setting."""
