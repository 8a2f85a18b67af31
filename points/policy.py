"""The policy for teachers, in Chinese, written from the rulebook: what stands there is what is computed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from points.rulebook import Clause, Requirement, Rule, Rulebook, Source, Split
from points.rulebook_tables import Acclaim, Participants, ParticipantsAndOutcomes, Repliers, Threshold

CATEGORY_NAMES: Final = {"public": "公需科目", "professional": "专业科目", "elective": "个人选修科目"}
EARNERS: Final = {
    "share_resource": "共享人",
    "topic_discussed": "话题发表人",
    "found_workshop": "工作坊主",
    "create_activity": "工作坊主",
    "excellent_resource": "共享人",
    "popular_topic": "话题发表人",
    "activity_participation": "每位参与者",
    "homework_recommended": "作业作者",
    "workshop_active": "工作坊主和每位参与者",
    "workshop_featured": "工作坊主和此前的每位参与者",
}
PARTS: Final = {"一": "基本积分", "二": "奖励积分"}


def policy(rulebook: Rulebook) -> str:
    """The whole policy as Markdown, with a line end at its end."""
    sections = (_opening, _points, _redemption, _hour_bank, _verification, _readings, _reserved)
    return "\n\n".join(block for section in sections for block in section(rulebook)) + "\n"


def _opening(rulebook: Rulebook) -> Iterator[str]:
    yield "<!-- 本页由规则册生成，请勿手工修改。重新生成：gongyan rulebook policy > docs/policy.md -->"
    yield "# 积分与学时：教师须知"
    yield f"规则册第{rulebook.version}版，自{_day(rulebook)}起适用" + (
        "，也适用于此前的日期。" if rulebook.version == 1 else "。"
    )
    yield f"依据：{rulebook.source}。"
    yield (
        "一、二、三开头的条款在附件，五开头的条款在正文。引文是条款原文；“执行口径”说明我们怎样执行，"
        "其中的“口径1”等见[通用口径](#通用口径)。年度都是自然年度，按北京时间（Asia/Shanghai）计算。"
    )


def _points(rulebook: Rulebook) -> Iterator[str]:
    yield "## 怎样获得积分"
    header = ("条款", "项目", "谁获得", "积分", "年度上限", "门槛")
    yield _table(
        header,
        (
            (rule.clause, rule.name, EARNERS[rule.id], _points_of(rule), _cap_of(rule), _threshold_of(rule))
            for rule in rulebook.rules
        ),
    )
    yield "每位教师每年每项计入的积分＝有效积分之和，但不超过年度上限。上限从不阻止行为，只限制积分。"
    part = ""
    for rule in rulebook.rules:
        if PARTS.get(rule.clause[0], "") != part:
            part = PARTS.get(rule.clause[0], "")
            yield f"### {part}" if part else "### 其他积分"
        yield from _clause(rule, "####", _figures(rule), rule.enabled)


def _redemption(rulebook: Rulebook) -> Iterator[str]:
    terms = rulebook.redemption
    yield "## 积分兑换学时"
    yield f"满{terms.points_per_hour}积分可兑换1学时。每位教师每年最多兑换："
    ceilings = ((CATEGORY_NAMES[category], f"{hours}学时") for category, hours in terms.ceilings.items())
    yield _table(("科目", "每年最多兑换"), ceilings)
    yield from _clause(terms, "###")
    yield from _clause(terms.expiry, "###")


def _hour_bank(rulebook: Rulebook) -> Iterator[str]:
    yield "## 学时银行"
    yield "每位教师每年每个来源计入的学时＝登记且未撤下的学时之和，但不超过每年最多计入的数。"
    sources = rulebook.sources.values()
    header = ("条款", "来源", "科目", "每年最多计入")
    yield _table(header, ((s.clause, s.name, CATEGORY_NAMES[s.category], _most_of(s)) for s in sources))
    for source in sources:
        yield from _clause(source, "###", _registration(source), source.enabled)


def _verification(rulebook: Rulebook) -> Iterator[str]:
    requirement = rulebook.requirement
    yield "## 年度验证"
    yield "**预计达标，以省人社系统验证为准。** 本站按下表预计一位教师是否达标，正式结果由省人社系统给出。"
    years: list[tuple[str, Requirement]] = [("各年度" if not requirement.years else "其他各年度", requirement)]
    years += [(f"{year}年", hours) for year, hours in sorted(requirement.years.items())]
    header = ("年度", *CATEGORY_NAMES.values(), "合计", "来源")
    yield _table(header, ((year, *_hours(hours), hours.source) for year, hours in years))
    yield from _clause(requirement, "###")
    yield from _clause(requirement.carry_over, "###")


def _readings(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.readings:
        yield "## 通用口径"
        yield "条款留有余地之处，我们这样执行："
        yield "\n".join(f"{reading.number}. {_indented(reading.text)}" for reading in rulebook.readings)


def _reserved(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.reserved:
        yield "## 未公布的条款"
        yield "下列条款没有公布，规则册只为它们留出位置，不编造内容，也不计分："
        yield "、".join(slot.clause for slot in rulebook.reserved) + "。"


def _clause(clause: Clause, level: str, figures: str = "", enabled: bool = True) -> Iterator[str]:
    yield f"{level} {clause.clause} {clause.name}" + ("" if enabled else "（停用）")
    yield "\n".join(f"> {line}".rstrip() for line in clause.text.splitlines())
    if figures:
        yield figures
    yield f"执行口径：{clause.reading}"


def _figures(rule: Rule) -> str:
    figures = f"积分：{_points_of(rule)}。年度上限：{_cap_of(rule)}。"
    return figures + (f"门槛：{_threshold_of(rule)}。" if _threshold_of(rule) != NONE else "")


NONE: Final = "—"


def _points_of(rule: Rule) -> str:
    match rule.points:
        case Split(host=host, participant=participant):
            points = f"工作坊主{host}，参与者{participant}"
        case points_once:
            points = str(points_once)
    return points if rule.enabled else f"{points}（停用）"


def _cap_of(rule: Rule) -> str:
    return "不设" if rule.cap is None else str(rule.cap)


def _threshold_of(rule: Rule) -> str:
    threshold: Threshold = rule.threshold
    match threshold:
        case Repliers(repliers=repliers):
            return f"至少{repliers}位其他教师回复"
        case Acclaim(raters=raters, stars=stars, mean=mean):
            least = Decimal(mean.numerator) / Decimal(mean.denominator)
            return f"至少{raters}位教师评{stars}星或以上，且全部评价平均不低于{least:f}星"
        case ParticipantsAndOutcomes(participants=participants, outcomes=outcomes):
            return f"工作坊主以外至少{participants}位参与者，且至少{outcomes}份成果"
        case Participants(participants=participants):
            return f"当年工作坊主以外至少{participants}位参与者"
    return NONE


def _most_of(source: Source) -> str:
    most = "不设" if source.cap is None else f"{source.cap}学时"
    return most if source.enabled else f"{most}（停用）"


def _registration(source: Source) -> str:
    figures = f"科目：{CATEGORY_NAMES[source.category]}。每年最多计入：{_most_of(source)}。"
    if source.amounts:
        figures += f"每次登记：{'或'.join(map(str, source.amounts))}学时。"
    if source.units_per_hour > 1:
        figures += f"折算：登记数每{source.units_per_hour}折合1学时，全年合计后舍去余数。"
    return figures


def _hours(requirement: Requirement) -> tuple[str, ...]:
    hours = (requirement.public, requirement.professional, requirement.elective, requirement.total)
    return tuple(f"{number}学时" for number in hours)


def _day(rulebook: Rulebook) -> str:
    day = rulebook.holds_from
    return f"{day.year}年{day.month}月{day.day}日"


def _table(header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _indented(text: str) -> str:
    return "\n   ".join(text.splitlines())
