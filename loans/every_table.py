"""Every module that declares tables, imported once, so that the metadata knows them all."""

from loans import books, closing_tables, servicing_tables, tables
from loans.conditions import tables as condition_tables

MODULES = (books, closing_tables, servicing_tables, tables, condition_tables)
