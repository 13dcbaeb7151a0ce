from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from mcanalysis.errors import ParameterError
from mcanalysis.report.cron import FIELDS, SHORTHANDS, read_cron


def refusal(text: str) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        read_cron(text)
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("0 5 * * *", "0 5 * * *"),
        (" 0\t5 * *  * ", "0 5 * * *"),
        ("*/15 8-18/2 * * MON-Fri", "*/15 8,10,12,14,16,18 * * 1-5"),
        ("0 5 1,15 jan,JUL *", "0 5 1,15 1,7 *"),
        ("5/20 * * * *", "5,25,45 * * * *"),
        ("0 5 * * 7", "0 5 * * 0"),
        ("0 5 * * fri-sun", "0 5 * * 0,5-6"),
        ("0 5 */2,31 * mon", "0 5 */2,31 * 1"),
        ("0 5 * */2,dec *", "0 5 * */2,12 *"),
        ("*/1 05 * * *", "* 5 * * *"),
        ("0 5 29 2 *", "0 5 29 2 *"),
        ("0 5 31 2 fri", "0 5 31 2 5"),
        *SHORTHANDS.items(),
    ],
)
def test_an_expression_is_said_in_numbers_that_every_cron_reads(text, line):
    cron = read_cron(text)
    assert cron.line == line
    assert read_cron(cron.line) == cron


def test_every_wrong_field_is_named_with_what_it_can_hold():
    assert refusal("60 5-3 0 jam mon-moo") == [
        'minute "60": 60 is out of range. It can hold 0 to 59.',
        'hour "5-3": the range "5-3" runs backwards. Write its two ends apart: 5-23,0-3.',
        'day of the month "0": 0 is out of range. It can hold 1 to 31.',
        'month "jam": "jam" is unknown. Did you mean "jan"? It can hold 1 to 12, or jan to dec.',
        'day of the week "mon-moo": "moo" is unknown. Did you mean "mon"? It can hold 0 to 7, or '
        "sun to sat.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 5", '"0 5" has 2 of five fields: minute, hour, day of the month, month, day of'),
        ("", '"" has 0 of five fields'),
        ("0 0 5 * * *", '"0 0 5 * * *" has 6 of five fields'),
        ("@dayly", '"@dayly" is no time that comes again. Did you mean "@daily"? It can be one of'),
        ("@reboot", '"@reboot" is no time that comes again. It can be one of: @hourly,'),
        ("*/0 5 * * *", 'minute "*/0": the step "0" is not a whole number from 1. Write */15'),
        ("1,,2 5 * * *", 'minute "1,,2": "" is not a number, a range (1-5) or *.'),
        ("0 5 ? * *", 'day of the month "?": "?" is not a number, a range (1-5) or *.'),
        ("0 5 -1 * *", 'day of the month "-1": "-1" is not a number'),
        ("٣ 5 * * *", 'minute "٣": "٣" is unknown. It can hold 0 to 59.'),
        ("0 5 * * 8", 'day of the week "8": 8 is out of range. It can hold 0 to 7'),
        ("0 5 30 feb *", '"0 5 30 feb *" never comes: the longest month named has 29 days. Name'),
        ("0 5 31 4,jun *", '"0 5 31 4,jun *" never comes: the longest month named has 30 days.'),
    ],
)
def test_what_is_no_expression_is_refused_with_a_mend(text, said):
    (message,) = refusal(text)
    assert message.startswith(said)


@st.composite
def fields(draw, field):
    """A field as people write it."""
    number = st.integers(field.lowest, field.highest)
    low, high = sorted(draw(st.tuples(number, number)))
    step = draw(st.integers(1, 5))
    parts = [f"{low}", f"{low}-{high}", f"{low}-{high}/{step}", "*", f"*/{step}"]
    return ",".join(draw(st.lists(st.sampled_from(parts), min_size=1, max_size=3)))


@given(st.tuples(*map(fields, FIELDS)))
@settings(deadline=None, max_examples=80)
def test_what_is_said_in_numbers_means_the_same(words):
    try:
        cron = read_cron(" ".join(words))
    except ParameterError:
        reject()
    assert read_cron(cron.line) == cron
    for field, numbers in zip(
        FIELDS, (cron.minutes, cron.hours, cron.days, cron.months, cron.weekdays), strict=True
    ):
        assert set(numbers) <= {*range(field.lowest, field.highest + 1)}
        assert list(numbers) == sorted(set(numbers))


def test_where_both_days_are_restricted_one_that_fits_is_enough():
    assert read_cron("0 5 1 * mon").on_calendar() == ("*-*-01 05:00:00", "Mon *-*-* 05:00:00")
    assert read_cron("0 5 */10 * mon").on_calendar() == ("Mon *-*-01,11,21,31 05:00:00",)
    assert read_cron("0 5 * 2 *").on_calendar() == ("*-02-* 05:00:00",)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize(
    "text", ["*/15 8-18 * * mon-fri", "0 5 1,15 jan-mar sun", "@weekly", "0 5 29 2 *", "* * * * *"]
)
def test_systemd_understands_the_same_times(text):
    for time in read_cron(text).on_calendar():
        done = subprocess.run(["systemd-analyze", "calendar", time], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "Next elapse: never" not in done.stdout
