"""What a borrower owes is made of: the parts of an instalment, a charge or a claim."""

from enum import StrEnum


class Component(StrEnum):
    """What an amount is owed for, in the usual order of payment."""

    COSTS = "costs"
    """Costs of enforcing the claim, which the fund had and the borrower owes."""
    FEES = "fees"
    LATE_INTEREST = "late_interest"
    INTEREST = "interest"
    PRINCIPAL = "principal"
