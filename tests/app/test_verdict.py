from app.verdict import Verdict, types_words, verdict
from tests.app.appraised import assessed, golden, rich
from tests.appraisal.proposals import measure_document, proposal, simple_measure


def points(found: Verdict) -> dict[str, tuple[str, str, str]]:
    return {point.subject: (*point.badge, point.words) for point in found.points}


def test_the_golden_project_can_be_lent_to() -> None:
    found = verdict(golden())
    assert (found.tone, found.headline) == (
        "good",
        "The fund can lend up to EUR 108,000.00 for 28 months.",
    )
    said = points(found)
    assert said["Worth"] == (
        "Gains",
        "good",
        (
            "After 10.0 % a year on the money tied up, the project gains EUR 107,447 in "
            "today's money within 5 years (net present value, NPV)."
        ),
    )
    assert said["Payback"][2].startswith("A full year's saving brings the investment back in 2.00")
    assert said["Loan"][:2] == ("Carried", "good")
    assert said["Loan"][2] == (
        "In the weakest month the savings pay the instalment 1.21 times; 1.2 times is wanted."
    )
    assert said["Evidence"][:2] == ("Documented", "good")


def test_a_loss_is_said_without_a_minus_sign() -> None:
    found = verdict(assessed(proposal(simple_measure("120000", "12000"))))
    assert points(found)["Worth"][:2] == ("Loses", "bad")
    assert "the project loses EUR 74,511 in" in points(found)["Worth"][2]
    assert points(found)["Payback"] == (
        "Look at it",
        "warn",
        "Simple payback is 10.00 years, but not within the horizon of 5 years.",
    )


def test_what_is_never_recovered_leaves_nothing_to_lend() -> None:
    found = verdict(assessed(proposal(simple_measure("120000", "0"))))
    assert (found.tone, found.headline) == ("bad", "Nothing can be lent on these figures.")
    assert points(found)["Payback"][:2] == ("Not recovered", "bad")
    assert "Loan" not in points(found)
    assert points(found)["Rules"][:2] == ("Fails", "bad")


def test_a_thin_cover_is_named() -> None:
    found = verdict(assessed(proposal(simple_measure("120000", "45000"))))
    assert points(found)["Loan"][:2] == ("Thin", "warn")


def test_savings_without_a_document_are_summed() -> None:
    assert points(verdict(rich()))["Evidence"] == (
        "Provisional",
        "warn",
        "EUR 45,000.00 of EUR 105,000.00 saved a year rests on an estimate or on nothing.",
    )


def test_without_a_saving_no_document_is_praised() -> None:
    found = verdict(assessed(proposal(simple_measure("120000", "0"))))
    assert points(found)["Evidence"] == ("Nothing saved", "bad", "No saving is counted.")


def test_rules_are_counted_in_words() -> None:
    words = points(verdict(golden()))["Rules"][2]
    assert words.startswith("Of ")
    assert "none fails" in words


def test_types_are_those_of_the_financed_measures() -> None:
    quick = simple_measure("10000", "20000", code="M2")
    lost = simple_measure("10000", "0", code="M3")
    assert types_words(assessed(proposal(measure_document(), quick))) == "B and C"
    assert types_words(assessed(proposal(measure_document(), lost))) == "C and not recovered"
    assert types_words(assessed(proposal(lost))) == "Not recovered"


def test_a_claim_that_cannot_be_stands_in_front() -> None:
    """60,000 kWh of electricity explain some ten tonnes of carbon dioxide, not 240."""
    saving = {
        "code": "R01",
        "indicator": "electricity",
        "unit": "kWh",
        "quantity_before": "100000",
        "quantity_after": "40000",
        "unit_price": "1.00",
        "evidence": "invoice",
    }
    claimed = [{"indicator": "co2e", "unit": "t", "reduction": "240"}]
    found = verdict(assessed(proposal(measure_document(savings=[saving], results=claimed))))
    said = points(found)["Environment"]
    assert said[:2] == ("Doubtful", "warn")
    assert said[2] == "M1: 240 t stated; the energy of M1 explains 9.6 t, give or take 25 %."
    assert "Environment" not in points(verdict(golden()))
