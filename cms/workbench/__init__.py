"""The institution's own pages: today, the week, closing a day, settings. Only its members come in."""
