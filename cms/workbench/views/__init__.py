"""Pages of the workbench: load, check, one service or query, render."""
