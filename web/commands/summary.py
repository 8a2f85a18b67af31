"""What a log gave, or a database holds, on one page: for people (Chinese)."""

from typing import Any

from rich.cells import cell_len, set_cell_size

from points.figures import Figures, Holdings
from points.refusals import Refusal
from web.commands.paper import MUTED, columns, paper, shown
from web.numbers import number


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


def print_years(teachers: Holdings) -> None:
    """A line for each year: how many teachers, and their sums."""
    page = paper()
    if not teachers:
        page.print("还没有教师有积分或学时。")
        return
    page.print(f"共 {number(len(teachers))} 位教师有积分或学时。")
    years: dict[str, list[Figures]] = {}
    for of_teacher in teachers.values():
        for year, figures in of_teacher.items():
            years.setdefault(year, []).append(figures)
    table = columns("年度", "教师", "计入积分", "兑换学时", "清零积分", "余额", "计入学时", "预计达标", numbers=7)
    for year, all_figures in sorted(years.items(), key=lambda item: int(item[0])):
        open_still = any(figures.hours.passed is None for figures in all_figures)
        table.add_row(
            year,
            number(len(all_figures)),
            number(sum(figures.earned for figures in all_figures)),
            number(sum(figures.redeemed_hours.total for figures in all_figures)),
            number(sum(figures.expired for figures in all_figures)),
            number(sum(figures.balance for figures in all_figures)),
            number(sum(figures.hours.counted for figures in all_figures)),
            "未结清" if open_still else number(sum(bool(f.hours.passed) for f in all_figures)),
        )
    page.print()
    page.print(table)


def print_teachers(teachers: Holdings) -> None:
    """A line for each teacher's year."""
    # Tens of thousands of lines: laid out by hand, which takes a tenth of the time.
    names = {teacher: shown(teacher) for teacher in teachers}
    width = max(cell_len(name) for name in ("教师", *names.values()))
    numbers = ("计入积分", "兑换学时", "清零积分", "余额", "计入学时")
    print(set_cell_size("教师", width), "年度", *(padded(header) for header in numbers), sep="  ")
    for teacher, name in sorted(names.items()):
        for year, figures in teachers[teacher].items():
            values = (
                figures.earned,
                figures.redeemed_hours.total,
                figures.expired,
                figures.balance,
                figures.hours.counted,
            )
            print(
                set_cell_size(name, width),
                year.rjust(4),
                *(padded(number(value)) for value in values),
                sep="  ",
            )


def padded(text: str) -> str:
    """The text at the right of a column of ten."""
    return " " * (10 - cell_len(text)) + text
