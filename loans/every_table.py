"""Every module that declares tables, imported once, so that the metadata knows them all."""

from loans import books, closing_tables, servicing_tables, tables

MODULES = (books, closing_tables, servicing_tables, tables)
