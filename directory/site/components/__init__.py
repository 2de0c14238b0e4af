"""What the public pages of the directory are drawn with."""
