"""What is tried in vain is counted, for every process, and forgotten in time."""

from datetime import timedelta

import pytest

from web.services import services_of
from web.store.throttle import WINDOW, Patience, TooManyTries


@pytest.fixture
def patience(site):
    return Patience(services_of(site).store)


def test_after_so_many_vain_tries_one_has_to_wait_and_then_may_try_again(patience, clock):
    for _ in range(3):
        patience.check(clock.now, ("log-in 甲", 3))
        patience.failed(clock.now, "log-in 甲")
    with pytest.raises(TooManyTries) as caught:
        patience.check(clock.now, ("log-in 甲", 3))
    assert caught.value.until == clock.now + WINDOW
    patience.check(clock.now + WINDOW, ("log-in 甲", 3))


def test_each_thing_that_is_tried_has_its_own_count_and_limit(patience, clock):
    patience.failed(clock.now, "one", "two")
    patience.failed(clock.now, "two")
    patience.check(clock.now, ("one", 2), ("three", 1))
    with pytest.raises(TooManyTries):
        patience.check(clock.now, ("one", 2), ("two", 2))


def test_the_window_begins_with_the_first_try_and_anew_after_it(patience, clock):
    patience.failed(clock.now, "one")
    later = clock.now + WINDOW + timedelta(seconds=1)
    patience.failed(later, "one")
    patience.check(later, ("one", 2))
    patience.failed(later, "one")
    with pytest.raises(TooManyTries):
        patience.check(later, ("one", 2))
