"""Reading what others kept in spreadsheets: every row checked before anything is stored."""
