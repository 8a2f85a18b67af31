"""What another rulebook would change, on paper (Chinese)."""

from collections import Counter

from rich.text import Text

from points.rulebook import Rulebooks
from points.simulation import Bucket, Difference
from web.commands.paper import AMBER, MUTED, SEAL, columns, paper, shown
from web.numbers import number, signed


def print_difference(found: Difference, new: Rulebooks) -> None:
    """Totals by rule, distributions, the largest changes, and what is accepted or refused otherwise."""
    page = paper()
    page.print(Text.assemble(("模拟", f"bold {SEAL}"), "  新规则册与现行规则册对比"))
    page.print(
        f"{number(found.teachers)} 位教师中，{number(found.affected)} 位有变化："
        f"{number(found.gain)} 位增加，{number(found.lose)} 位减少，"
        f"{number(found.affected - found.gain - found.lose)} 位总数不变。"
        f"预计达标 {number(found.passed_before)} 人年，变为 {number(found.passed_after)} 人年。"
    )
    page.print()
    _print_rules(found, new)
    _print_buckets("积分", found.points)
    _print_buckets("学时", found.hours)
    _print_largest(found, new)
    _print_refusals(found)


def _print_rules(found: Difference, new: Rulebooks) -> None:
    table = columns("条款", "项目", "有效", "变为", "计入", "变为", "差", numbers=5)
    newest = new.versions[-1]
    for totals in found.rules:
        rule = newest.rule(totals.rule)
        change = totals.counted_after - totals.counted_before
        table.add_row(
            Text(rule.clause if rule else "", style=MUTED),
            rule.name if rule else totals.rule,
            number(totals.gross_before),
            number(totals.gross_after),
            number(totals.counted_before),
            number(totals.counted_after),
            _difference(change),
        )
    paper().print(table)
    paper().print()


def _print_buckets(what: str, buckets: list[Bucket]) -> None:
    table = columns(f"每位教师的{what}变化", "教师", "", numbers=0)
    table.columns[1].justify = "right"
    most = max((bucket.teachers for bucket in buckets), default=0)
    for bucket in buckets:
        cells = -(-30 * bucket.teachers // most) if bucket.teachers else 0
        table.add_row(_range(bucket), number(bucket.teachers), Text("█" * cells, style=MUTED))
    paper().print(table)
    paper().print()


def _range(bucket: Bucket) -> str:
    if bucket.least is None:
        return f"{signed(bucket.most or 0)} 以下"
    if bucket.most is None:
        return f"{signed(bucket.least)} 以上"
    if bucket.least == bucket.most:
        return signed(bucket.least) if bucket.least else "不变"
    return f"{signed(bucket.least)} 至 {signed(bucket.most)}"


def _print_largest(found: Difference, new: Rulebooks) -> None:
    if not found.largest:
        return
    table = columns("变化最大的教师", "积分", "变为", "差", "学时", "变为", "主要来自", numbers=0)
    for column in table.columns[1:6]:
        column.justify = "right"
    newest = new.versions[-1]
    for change in found.largest:
        rules = sorted(change.rules.items(), key=lambda item: -abs(item[1]))
        names = [(newest.rule(rule), points) for rule, points in rules[:2]]
        table.add_row(
            shown(change.teacher),
            number(change.points_before),
            number(change.points_after),
            _difference(change.points_after - change.points_before),
            number(change.hours_before),
            number(change.hours_after),
            "，".join(f"{rule.name} {signed(points)}" for rule, points in names if rule),
        )
    paper().print(table)
    paper().print()


def _print_refusals(found: Difference) -> None:
    ways = Counter((refusal.before, refusal.after) for refusal in found.refusals)
    if not ways:
        paper().print("接受和拒绝的记录完全相同。")
        return
    table = columns("现行", "新规则册", "条数", numbers=1)
    for (before, after), count in ways.most_common():
        table.add_row(before or "接受", after or "接受", number(count))
    paper().print(table)


def _difference(change: int) -> Text:
    return Text(signed(change), style=SEAL if change > 0 else AMBER if change < 0 else MUTED)
