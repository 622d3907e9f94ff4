from fractions import Fraction

from appraisal.check import Case, Verdict, judged, missing, percent

FINE = Case(Verdict.PLAUSIBLE, "fine", "limit")
ODD = Case(Verdict.LOOK_AGAIN, "odd", "limit")
OPEN = Case(Verdict.UNKNOWN, "open", "another limit")


def test_the_worst_case_decides_and_speaks() -> None:
    found = judged("c", "Rule", [FINE, OPEN, ODD, ODD], source="s", needed="more")
    assert found is not None
    assert (found.verdict, found.value, found.limit) == (Verdict.LOOK_AGAIN, "odd; odd", "limit")
    assert "more" in (found.what_would_pass or "")
    unknown = judged("c", "Rule", [FINE, OPEN], source="s", needed="more")
    assert unknown is not None
    assert unknown.verdict is Verdict.UNKNOWN


def test_what_is_plausible_needs_nothing() -> None:
    found = judged("c", "Rule", [FINE], source="s", needed="more")
    assert found is not None
    assert found.what_would_pass is None


def test_without_grounds_there_is_no_check() -> None:
    assert judged("c", "Rule", [], source="s", needed="more") is None
    assert missing("c", "Rule", [], limit="l", source="s") is None


def test_gaps_name_their_lines_and_each_reason_once() -> None:
    found = missing("c", "Rule", [("M1 R1", "Why."), ("M1 R2", "Why.")], limit="l", source="s")
    assert found is not None
    assert (found.verdict, found.value) == (Verdict.UNKNOWN, "M1 R1, M1 R2")
    assert (found.what_would_pass or "").split() == ["Why."]


def test_shares_are_shown_to_a_tenth() -> None:
    assert percent(Fraction(1, 3)) == "33.3 %"
    assert percent(Fraction(1)) == "100 %"
