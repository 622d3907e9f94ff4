"""Tables to take away: as CSV, as a workbook, and everything in one archive."""
