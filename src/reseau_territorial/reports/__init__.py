"""Reports: two pages of plain language written from the figures, with their tables."""
