import threading
import time

import pytest

from loans.storage.database_faults import DatabaseBusy
from loans.storage.turns import Turns, turns_for


def test_whoever_comes_first_is_served_first() -> None:
    turns = Turns()
    served: list[int] = []

    def work(number: int) -> None:
        with turns.take():
            served.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    with turns.take():
        for count, thread in enumerate(threads, start=2):
            thread.start()
            while len(turns._waiting) < count:  # noqa: SLF001 - the order of arrival is the point
                time.sleep(0.0001)
        assert served == []
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]


def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    turns = Turns(longest_wait_seconds=0.001)
    with turns.take(), pytest.raises(DatabaseBusy, match="busy"), turns.take():
        pass
    with turns.take():
        assert len(turns._waiting) == 1  # noqa: SLF001 - nobody is left behind in the queue


def test_a_fault_inside_a_turn_passes_it_on() -> None:
    turns = Turns(longest_wait_seconds=0.001)
    with pytest.raises(ZeroDivisionError), turns.take():
        raise ZeroDivisionError
    with turns.take():
        assert turns_for("/a") is turns_for("/a")
    assert turns_for("/a") is not turns_for("/b")
