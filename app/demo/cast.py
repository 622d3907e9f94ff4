"""Who plays in the demonstration: its people, its invented enterprises and its invented donors."""

from dataclasses import dataclass

from loans.people import Role

PASSWORD = "river-mill-lantern-2026"  # noqa: S105  # printed on purpose; a real fund has no such account

STAFF: tuple[tuple[str, str, Role], ...] = (
    ("adviser@demo.example", "Ingrida Adviser", Role.ADVISER),
    ("officer@demo.example", "Olga Officer", Role.OFFICER),
    ("manager@demo.example", "Mantas Manager", Role.MANAGER),
    ("second-manager@demo.example", "Milda Manager", Role.MANAGER),
    ("auditor@demo.example", "Aili Auditor", Role.AUDITOR),
    ("admin@demo.example", "Arvo Administrator", Role.ADMINISTRATOR),
)
"""Who works at the fund; of each role the first acts in the story."""

ENTERPRISE_USER = ("enterprise@demo.example", "Elena Enterprise")
OWN_ACCOUNT = 26
"""The enterprise whose own person signs in; the adviser writes for the others."""

ACCOUNTS = (
    (ENTERPRISE_USER[0], Role.ENTERPRISE.value),
    *((email, role.value) for email, _, role in STAFF),
)

CONTRIBUTIONS: tuple[tuple[int, str, int], ...] = (
    (61, "Northern Lights Foundation (invented)", 1_200_000),
    (61, "Amber Coast Programme (invented)", 800_000),
    (47, "Northern Lights Foundation (invented)", 1_000_000),
    (35, "Amber Coast Programme (invented)", 1_500_000),
    (23, "Ministry of Clean Rivers (invented)", 1_200_000),
    (11, "Northern Lights Foundation (invented)", 1_000_000),
)
"""Months before today, source, whole euro: 2.0 million at the start, 6.7 million today."""

ADMINISTRATION: tuple[tuple[int, int], ...] = (
    (50, 31_000),
    (38, 42_000),
    (26, 58_500),
    (14, 71_000),
)
"""Months before today and whole euro paid from the fund for its administration."""

_TOWNS = (
    ("Kaunas", "LT"), ("Petrozavodsk", "RU"), ("Alytus", "LT"), ("Pskov", "RU"), ("Utena", "LT"),
    ("Vyborg", "RU"), ("Panevėžys", "LT"), ("Murmansk", "RU"), ("Telšiai", "LT"),
    ("Sortavala", "RU"), ("Jonava", "LT"),
)  # fmt: skip
_NAMES = ("Gintaras", "Onega", "Aušra", "Beryoza", "Neris")
_FORMS = {"LT": ("UAB", "local_private"), "RU": ("OAO", "state")}
_OTHER_OWNERS = ("local_private", "joint_venture", "foreign_private")


@dataclass(frozen=True)
class InventedEnterprise:
    """An enterprise that does not exist."""

    name: str
    registration_number: str
    country: str
    town: str
    ownership: str


def invented_enterprise(number: int) -> InventedEnterprise:
    """The ``number``-th invented enterprise, the same at every call."""
    town, country = _TOWNS[number % len(_TOWNS)]
    form, owner = _FORMS[country]
    if number % 4 == 1:
        owner = _OTHER_OWNERS[number // 4 % len(_OTHER_OWNERS)]
    return InventedEnterprise(
        name=f"{form} {town} {_NAMES[number // len(_TOWNS) % len(_NAMES)]}",
        registration_number=f"DEMO-{1000 + number}",
        country=country,
        town=town,
        ownership=owner,
    )
