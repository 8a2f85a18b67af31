"""The reference model agrees with every case whose outcome is known."""

import pytest

from tests.model import Model
from tests.points.test_conformance import CASES, Case


@pytest.mark.parametrize("case", CASES)
def test_model_gives_what_the_rules_give(case: Case) -> None:
    model = Model()
    answers = [(line["id"], model.take(line)) for line in case.lines]
    model.until(2027)

    assert [answer for answer in answers if answer[1] is not None] == case.rejections
    assert model.teachers() == case.teachers
