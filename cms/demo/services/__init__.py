"""What the demo writes: texts into the developer inbox, sample data through the apps' own services."""
