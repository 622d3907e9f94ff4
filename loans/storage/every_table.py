"""Every module that declares tables, imported once, so that the metadata knows them all."""

from loans import closing_tables, fund_tables, servicing_tables, tables
from loans.banking import tables as banking_tables
from loans.books import tables as books
from loans.collateral import tables as collateral_tables
from loans.conditions import tables as condition_tables
from loans.importing import tables as importing_tables
from loans.provisioning import tables as provisioning_tables
from loans.versions import profile_tables

MODULES = (
    books,
    closing_tables,
    fund_tables,
    profile_tables,
    servicing_tables,
    tables,
    condition_tables,
    banking_tables,
    provisioning_tables,
    collateral_tables,
    importing_tables,
)
