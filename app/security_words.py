"""The words in which pages say what is stored of a security as a code."""

from collections.abc import Mapping

from loans.coverage import AssetKind, GuarantorKind, ValuationBasis

ASSET_KIND: Mapping[str, str] = {
    AssetKind.REAL_ESTATE: "Land and buildings",
    AssetKind.EQUIPMENT: "Equipment",
    AssetKind.VEHICLE: "Vehicles",
    AssetKind.INVENTORY: "Stocks",
    AssetKind.RECEIVABLE: "Claims on customers",
    AssetKind.DEPOSIT: "Money on deposit",
    AssetKind.OTHER: "Other",
}

GUARANTOR_KIND: Mapping[str, str] = {
    GuarantorKind.STATE: "State or municipality",
    GuarantorKind.BANK: "Bank",
    GuarantorKind.PARENT: "Parent enterprise",
    GuarantorKind.PERSON: "Person",
}

BASIS: Mapping[str, str] = {
    ValuationBasis.MARKET: "Ordinary sale",
    ValuationBasis.FORCED_SALE: "Sale under pressure",
}

SECURITY_ACTION: Mapping[str, str] = {
    "register_asset": "Asset registered",
    "value_asset": "Valuation entered",
    "other_charge": "Claim of another creditor entered",
    "lift_charge": "Claim of another creditor has ended",
}

SECURITY_WORDS: Mapping[str, Mapping[str, str]] = {
    "asset_kind": ASSET_KIND,
    "guarantor_kind": GUARANTOR_KIND,
    "basis": BASIS,
    "action": SECURITY_ACTION,
}
"""All words at once, for the templates."""
