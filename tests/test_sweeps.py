"""What a short sweep leaves out, the next places make up for."""

from tests.sweeps import in_turn, one_of_each_kind


def test_each_value_has_its_turn_and_a_whole_sweep_tries_all() -> None:
    values = "abcde"
    tried = [in_turn(values, number, 2, whole=False) for number in range(5)]
    assert tried == [("a", "b"), ("c", "d"), ("e", "a"), ("b", "c"), ("d", "e")]
    assert in_turn(values, 3, 2, whole=True) == tuple(values)
    assert in_turn(values, 3, 9, whole=False) == tuple(values)


def test_a_kind_of_page_is_opened_by_the_first_role_that_may() -> None:
    one, other = (f"/loans/0190a3b2-0000-7000-8000-00000000000{number}" for number in (1, 2))
    pages = {"officer": (one, other, f"{one}/acts/receipt"), "manager": (other, "/fund")}
    assert one_of_each_kind(pages, whole=False) == {
        "officer": (one, f"{one}/acts/receipt"),
        "manager": ("/fund",),
    }
    assert one_of_each_kind(pages, whole=True) == pages
