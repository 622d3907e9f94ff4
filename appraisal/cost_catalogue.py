"""Standard items of the cost inventory in four tiers, to choose from when a line is written.

The list asks about everything that a cleaner-production measure may change, so that costs which
accounts hide in overheads are not forgotten. An item is saved, added or paid once; the line says
how much. Any outlay is direct, since it is paid. Codes are stable: stored lines name them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from appraisal.cost_lines import InvestmentKind


class ItemGroup(StrEnum):
    """Whether an item is paid once or every year."""

    INVESTMENT = "investment"
    RECURRING = "recurring"


@dataclass(frozen=True)
class StandardItem:
    """One item; ``indicator`` and ``unit`` are the usual ones, None where there is none."""

    code: str
    label: str
    tier: int
    group: ItemGroup
    hint: str
    indicator: str | None = None
    unit: str | None = None
    kind: InvestmentKind | None = None
    """Of an item of the investment."""


_INVESTMENT: Sequence[tuple[str, str, str, InvestmentKind]] = (
    (
        "I01",
        "Machines and equipment",
        "As quoted, without value added tax.",
        InvestmentKind.EQUIPMENT,
    ),
    ("I02", "Installation, piping and wiring", "Own workers' hours too.", InvestmentKind.EQUIPMENT),
    ("I03", "Building work", "Foundations, floors, drains, insulation.", InvestmentKind.EQUIPMENT),
    ("I04", "Meters and controls", "What measures the result as well.", InvestmentKind.EQUIPMENT),
    ("I05", "Design and engineering", "Drawings, studies, tests.", InvestmentKind.EQUIPMENT),
    ("I06", "Delivery and customs", "Freight, duty, unloading.", InvestmentKind.EQUIPMENT),
    ("I07", "Permits for the change", "Fees and the studies for them.", InvestmentKind.EQUIPMENT),
    ("I08", "Start-up", "Trial runs, first training.", InvestmentKind.EQUIPMENT),
    ("I09", "Production lost during installation", "Margin lost.", InvestmentKind.EQUIPMENT),
    ("I10", "Removal of old equipment", "Less what it sells for.", InvestmentKind.EQUIPMENT),
    (
        *("I20", "Stocks and spare parts", "Comes back at the end of the life."),
        InvestmentKind.WORKING_CAPITAL,
    ),
    (
        *("I30", "Later replacement of a part", "With the month in which it is due."),
        InvestmentKind.REPLACEMENT,
    ),
)

_DIRECT: Sequence[tuple[str, str, str, str | None, str | None]] = (
    ("R01", "Raw material", "What goes into the product.", "raw_materials", "t"),
    ("R02", "Chemicals and auxiliary materials", "Dyes, acids, oils.", "chemicals", "t"),
    ("R03", "Solvents and cleaning agents", "What evaporates too.", "chemicals", "t"),
    ("R04", "Fresh water", "Bought or pumped.", "water", "m3"),
    ("R05", "Wastewater charge", "Paid by the cubic metre or by load.", "wastewater", "m3"),
    ("R06", "Electricity", "Energy without the charge for peak load.", "electricity", "kWh"),
    ("R07", "Charge for peak load", "By the highest power drawn.", None, "kW"),
    ("R08", "Purchased heat or steam", "From a network.", "heat", "Gcal"),
    ("R09", "Natural gas", "As metered.", "natural_gas", "1,000 m3"),
    ("R10", "Heavy fuel oil", "Mazut.", "residual_fuel_oil", "t"),
    ("R11", "Diesel and heating oil", "Vehicles and boilers.", "gas_diesel_oil", "l"),
    ("R12", "Coal", "As bought.", "other_bituminous_coal", "t"),
    ("R13", "Liquefied gas", "Bottled or in a tank.", "lpg", "t"),
    ("R14", "Wood and other biomass", "As bought.", "wood", "t"),
    ("R15", "Packaging", "Bought, and returned or wasted.", "raw_materials", "t"),
    ("R16", "Disposal of hazardous waste", "Fees of the contractor.", "hazardous_waste", "t"),
    ("R17", "Disposal of other waste", "Fees of contractor or landfill.", "other_waste", "t"),
    ("R18", "Rejects and rework", "Material and work spent twice.", "raw_materials", "t"),
    ("R19", "Labour at the process", "Hours that are saved or added for good.", None, "hours"),
    ("R20", "Maintenance and spare parts", "Contracts, parts, own hours.", None, None),
    ("R21", "By-product sold", "What was waste and now has a buyer.", None, "t"),
)

_INDIRECT: Sequence[tuple[str, str, str]] = (
    ("H01", "Monitoring of emissions", "Sampling, meters, reports by a third party."),
    ("H02", "Laboratory analyses", "Own laboratory too."),
    ("H03", "Permits and their renewal", "Fees and the hours for them, a year."),
    ("H04", "Pollution charges and taxes", "For discharges to water, air and soil."),
    ("H05", "Records and reports", "Hours spent on registers for authorities."),
    ("H06", "Storage of waste", "Rooms, tanks, containers."),
    ("H07", "Handling and transport on site", "Hours, trucks, pumps for waste."),
    ("H08", "Own wastewater treatment", "Chemicals, power, labour, sludge."),
    ("H09", "Own cleaning of exhaust air", "Filters, power, labour."),
    ("H10", "Downtime", "Margin lost in stops that the process causes."),
    ("H11", "Cleaning of equipment", "Hours and agents between batches."),
    ("H12", "Insurance", "Premium for fire, liability, environment."),
    ("H13", "Training", "Yearly courses for dangerous substances."),
    ("H14", "Protection of workers", "Clothing, masks, health checks, ventilation."),
    ("H15", "Stock of dangerous substances", "Money tied up, storage rules, expiry."),
    ("H16", "Readiness for emergencies", "Plans, drills, equipment."),
)

_CONTINGENT: Sequence[tuple[str, str, str]] = (
    ("C01", "Accident or spill", "Damage to plant and lost production."),
    ("C02", "Fines", "What was paid in past years shows the likelihood."),
    ("C03", "Clean-up of soil or groundwater", "Expected in one year."),
    ("C04", "Compensation to neighbours", "Health, property, fishing, crops."),
    ("C05", "Compensation to workers", "Injury and illness from the process."),
    ("C06", "Stop ordered by an authority", "Margin lost while the plant stands."),
    ("C07", "Cost of a coming rule", "What would have to be bought without the measure."),
    ("C08", "Closing of a site", "Removal of tanks and stored waste."),
    ("C09", "Claim about a product", "Residues, recalls."),
)

_LESS_TANGIBLE: Sequence[tuple[str, str, str]] = (
    ("L01", "Name with customers", "Enquiries, prizes, complaints."),
    ("L02", "Access to markets", "Labels, certificates, buyers' lists."),
    ("L03", "Working conditions", "Noise, heat, smell, lifting."),
    ("L04", "Relations with authorities", "Trust, speed of permits."),
    ("L05", "Relations with neighbours", "Smell, noise, traffic."),
    ("L06", "Skill and commitment of staff", "Suggestions, turnover of staff."),
    ("L07", "Quality of the product", "Evenness, shelf life."),
    ("L08", "Security of supply", "Less dependence on one source or on imports."),
    ("L09", "Access to finance", "Terms of banks and insurers."),
)


def _items() -> Iterator[StandardItem]:
    for code, label, hint, kind in _INVESTMENT:
        yield StandardItem(code, label, 1, ItemGroup.INVESTMENT, hint, kind=kind)
    for code, label, hint, indicator, unit in _DIRECT:
        yield StandardItem(code, label, 1, ItemGroup.RECURRING, hint, indicator, unit)
    for tier, table in enumerate((_INDIRECT, _CONTINGENT, _LESS_TANGIBLE), 2):
        for code, label, hint in table:
            yield StandardItem(code, label, tier, ItemGroup.RECURRING, hint)


STANDARD_ITEMS: tuple[StandardItem, ...] = tuple(_items())
"""All standard items, by tier and then in the order in which a form offers them."""
