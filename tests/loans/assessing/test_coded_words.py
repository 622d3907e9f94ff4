import pytest

from appraisal.proposal import Evidence, Ownership, Technique
from loans.assessing.coded_words import EVIDENCE, OWNERSHIPS, TECHNIQUES, words


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("local_private", "private owners in the country"),
        ("quote", "a quotation"),
        ("on_site_recovery", "recovery in the plant"),
        ("late_interest", "late interest"),
    ],
)
def test_a_code_inside_a_sentence(code: str, said: str) -> None:
    assert words(code) == said


def test_every_code_that_can_be_chosen_has_a_name() -> None:
    assert set(OWNERSHIPS) == set(Ownership)
    assert set(TECHNIQUES) == set(Technique)
    assert set(EVIDENCE) == set(Evidence) - {Evidence.NONE}
