"""How far a teacher has come, as meters on paper (Chinese)."""

from typing import Final

from rich.text import Text

from points.progress import Progress
from points.statements import TeacherProgress, ThingProgress
from web.commands.paper import BAMBOO, MUTED, SEAL, columns, paper, shown
from web.numbers import number

KINDS: Final = {
    "resource": "资源",
    "topic": "话题",
    "workshop": "工作坊",
    "activity": "活动",
    "submission": "作业",
}
MEASURES: Final = {
    "repliers": ("回复", "人"),
    "raters": ("好评", "人"),
    "mean": ("平均", "星"),
    "participants": ("参与", "人"),
    "outcomes": ("成果", "份"),
}
SHOWN: Final = 12
"""Things on paper; JSON has them all."""


def print_progress(found: TeacherProgress) -> None:
    """Rules against their caps, then things against their thresholds, nearest first."""
    page = paper()
    page.print(Text.assemble(("本年进度", f"bold {SEAL}"), "  ", (shown(found.teacher), "bold"), f"  {found.year} 年"))
    further = "已到全年上限" if found.next_hour is None else f"再得 {number(found.next_hour)} 分又满 1 学时"
    page.print(f"余额 {number(found.balance)} 分，可兑换 {number(found.redeemable)} 学时；{further}")
    page.print()
    table = columns("条款", "项目", "本年计入", "", "还可计入", numbers=1)
    for rule in found.rules:
        room = "不设上限" if rule.cap is None else number(rule.cap - rule.counted)
        full = rule.cap is not None and rule.counted >= rule.cap
        table.add_row(
            Text(rule.clause, style=MUTED),
            rule.name if rule.enabled else f"{rule.name}（停用）",
            _meter(rule.counted, rule.cap) if rule.cap else "",
            number(rule.counted) if rule.cap is None else f"{number(rule.counted)}/{number(rule.cap)}",
            Text("已满", style=BAMBOO) if full else room,
        )
    page.print(table)
    page.print()
    _print_things(found.things)


def _print_things(things: list[ThingProgress]) -> None:
    page = paper()
    if not things:
        page.print("没有还差人数或成果的事项。")
        return
    table = columns("事项", "项目", "进度", "", "还差")
    for thing in things[:SHOWN]:
        nearest = next(step for step in thing.measures if not step.reached)
        table.add_row(
            f"{KINDS[thing.kind]} {shown(thing.thing)}",
            Text.assemble((f"{thing.clause} ", MUTED), thing.name),
            _meter(nearest.has, nearest.needs),
            "，".join(_so_far(step) for step in thing.measures if _matters(step)),
            "，".join(_lacks(step) for step in thing.measures if _matters(step) and not step.reached),
        )
    page.print(table)
    if len(things) > SHOWN:
        page.print(f"还有 {number(len(things) - SHOWN)} 项离得更远；--json 列出全部。", style=MUTED)


def _matters(step: Progress) -> bool:
    """Whether the measure tells anything: a mean only of stars that were given."""
    return step.measure != "mean" or step.has > 0


def _so_far(step: Progress) -> str:
    name, unit = MEASURES[step.measure]
    return f"{name} {step.has:g} {unit}" if step.measure == "mean" else f"{name} {step.has:g}/{step.needs:g}"


def _lacks(step: Progress) -> str:
    name, unit = MEASURES[step.measure]
    return f"平均到 {step.needs:g} 星" if step.measure == "mean" else f"{step.needs - step.has:g} {unit}{name}"


def _meter(has: float, needs: float | None) -> Text:
    """A bar of twelve cells that can be read without colour."""
    cells = 12 if not needs else min(12, int(12 * has / needs))
    return Text.assemble(("█" * cells, SEAL), ("░" * (12 - cells), MUTED))
