"""What a log gave, or a database holds, on one page: for people (Chinese)."""

from typing import Any

from points.refusals import Refusal
from web.commands.paper import MUTED, columns, number, paper, shown

CATEGORIES = ("public", "professional", "elective")


def print_summary(result: dict[str, Any], already_taken: int = 0) -> None:
    """What was accepted and refused, and the teachers' years."""
    page = paper()
    refused = sum(result["rejected"].values())
    page.print(f"接受 {number(result['accepted'])} 条记录，拒绝 {number(refused)} 条。")
    if already_taken:
        page.print(f"此前已导入 {number(already_taken)} 行，这次从其后继续。", style=MUTED)
    if refused:
        table = columns("拒绝的原因", "说明", "条数", numbers=1)
        for reason, count in sorted(result["rejected"].items(), key=lambda item: -item[1]):
            table.add_row(reason, Refusal(reason).sentence, number(count))
        page.print()
        page.print(table)
    page.print()
    print_years(result["teachers"])


def print_years(teachers: dict[str, Any]) -> None:
    """A line for each year: how many teachers, and their sums."""
    page = paper()
    if not teachers:
        page.print("还没有教师有积分或学时。")
        return
    page.print(f"共 {number(len(teachers))} 位教师有积分或学时。")
    years: dict[str, list[dict[str, Any]]] = {}
    for of_teacher in teachers.values():
        for year, figures in of_teacher.items():
            years.setdefault(year, []).append(figures)
    table = columns(
        "年度", "教师", "计入积分", "兑换学时", "清零积分", "余额", "计入学时", "预计达标", numbers=7
    )
    for year, all_figures in sorted(years.items(), key=lambda item: int(item[0])):
        open_still = any(figures["hours"]["passed"] is None for figures in all_figures)
        table.add_row(
            year,
            number(len(all_figures)),
            number(sum(figures["earned"] for figures in all_figures)),
            number(sum(sum(figures["redeemed_hours"].values()) for figures in all_figures)),
            number(sum(figures["expired"] for figures in all_figures)),
            number(sum(figures["balance"] for figures in all_figures)),
            number(sum(figures["hours"][name] for figures in all_figures for name in CATEGORIES)),
            "未结清" if open_still else number(sum(bool(f["hours"]["passed"]) for f in all_figures)),
        )
    page.print()
    page.print(table)


def print_teachers(teachers: dict[str, Any]) -> None:
    """A line for each teacher's year."""
    page = paper()
    table = columns("教师", "年度", "计入积分", "兑换学时", "清零积分", "余额", "计入学时", numbers=5)
    for teacher, years in sorted(teachers.items()):
        for year, figures in years.items():
            table.add_row(
                shown(teacher),
                year,
                number(figures["earned"]),
                number(sum(figures["redeemed_hours"].values())),
                number(figures["expired"]),
                number(figures["balance"]),
                number(sum(figures["hours"][name] for name in CATEGORIES)),
            )
    page.print(table)
