"""Instalments and interest: day counts, periods, and the rows of a plan."""
