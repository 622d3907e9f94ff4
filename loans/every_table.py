"""Every module that declares tables, imported once, so that the metadata knows them all."""

from loans import books, servicing_tables, tables

MODULES = (books, servicing_tables, tables)
