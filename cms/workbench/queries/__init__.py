"""What the pages of the workbench read."""
