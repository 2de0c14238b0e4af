"""Acts of the workbench that stand in no other service."""
