from pathlib import Path

import pytest

from points.policy import policy
from points.rulebook import PRESENT, RULES, parse_rulebook, present_rulebook

DOCUMENT = Path(__file__).parents[2] / "docs" / "policy.md"
POLICY = policy(present_rulebook())


def test_the_document_is_what_the_rulebook_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == POLICY, "run: gongyan rulebook policy > docs/policy.md"


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_stands_in_it_with_clause_text_points_and_reading(rule_id: str) -> None:
    rule = present_rulebook().rule(rule_id)
    assert rule is not None
    section = _section(f"#### {rule.clause} {rule.name}")
    assert f"> {rule.text}" in section
    assert f"执行口径：{rule.reading}" in section
    points = [rule.points] if isinstance(rule.points, int) else [rule.points.host, rule.points.participant]
    assert all(str(number) in section.partition("积分：")[2] for number in points)
    assert f"年度上限：{rule.cap or '不设'}。" in section


@pytest.mark.parametrize("name", present_rulebook().sources)
def test_every_source_of_hours_stands_in_it_with_its_ceiling(name: str) -> None:
    source = present_rulebook().sources[name]
    section = _section(f"### {source.clause} {source.name}")
    assert f"> {source.text}" in section
    assert f"执行口径：{source.reading}" in section
    assert f"每年最多计入：{f'{source.cap}学时' if source.cap else '不设'}。" in section


def test_redemption_verification_readings_and_reserved_clauses_stand_in_it() -> None:
    rulebook = present_rulebook()
    for clause in (rulebook.redemption, rulebook.redemption.expiry, rulebook.requirement.carry_over):
        assert clause.reading in _section(f"### {clause.clause} {clause.name}")
    assert "预计达标，以省人社系统验证为准" in _section("## 年度验证")
    assert "| 30学时 | 42学时 | 18学时 | 90学时 |" in _section("## 年度验证")
    assert all(f"{reading.number}. {reading.text}" in POLICY for reading in rulebook.readings)
    assert all(slot.clause in _section("## 未公布的条款") for slot in rulebook.reserved)


def test_a_changed_rulebook_makes_a_changed_policy() -> None:
    text = PRESENT.read_text(encoding="utf-8")
    text = text.replace("enabled = true\npoints = 50\ncap = 100", "enabled = false\npoints = 50\ncap = 7")
    text = text.replace("mean = 3.0", "mean = 3.25").replace("version = 1", "version = 2")
    text += "[requirement.years.2027]\nsource = '通知'\npublic = 1\nprofessional = 2\nelective = 3\ntotal = 6\n"
    changed = policy(parse_rulebook(text, "changed"))
    assert "| 一(七) | 创立研修工作坊 | 工作坊主 | 50（停用） | 7 | — |" in changed
    assert "#### 一(七) 创立研修工作坊（停用）" in changed
    assert "平均不低于3.25星" in changed
    assert "规则册第2版，自2021年1月1日起适用。" in changed
    assert "| 2027年 | 1学时 | 2学时 | 3学时 | 6学时 | 通知 |" in changed
    assert "| 其他各年度 | 30学时" in changed


def _section(heading: str) -> str:
    """What stands below a heading, up to the next of any level."""
    start = POLICY.index(f"\n{heading}\n") + len(heading) + 2
    end = POLICY.find("\n#", start)
    return POLICY[start : end if end > 0 else None]
