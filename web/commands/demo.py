"""demo: an empty database becomes a small community to look around in."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from web.database import Database


def demo() -> None:
    """Fill an empty database as a demo. One that is a demo already is left as it is, any other is refused."""
    from web.commands.opening import opened, settings

    with opened() as database:
        if not make_demo(database, settings().files):
            print("这里已经是示例社区，保持原样。")
    print()
    tell_cast()


def make_demo(database: "Database", files: "Path") -> bool:
    """Make the database a demo as of now, and say so; False if it was one. Raises as web.demo.filling.fill."""
    from datetime import UTC, datetime

    from web.demo.filling import demand_empty, figures, fill
    from web.demo.mark import is_demo

    with database.reading() as session:
        if is_demo(session):
            return False
        demand_empty(session)
    print("正在建立示例社区，需要十几秒……", flush=True)
    if not fill(database, files, datetime.now(UTC)):
        return False
    with database.reading() as session:
        people, topics, replies, resources = figures(session)
    print(f"已建好：{people} 位教师，{topics} 个话题，{replies} 条回复，{resources} 份资源，一年的积分。", flush=True)
    return True


def tell_cast() -> None:
    """Who can be signed in as, and how, and that a site for use begins elsewhere."""
    from web.demo.cast import CAST, PASSWORD
    from web.demo.people import players

    print(f"在登录页可以一键进入，也可以用工号登录，密码都是 {PASSWORD}")
    names, before = {one.staff_number: one.name for one in players().person}, ""
    for number, (group, about) in CAST.items():
        print(f"  {(group if group != before else '').ljust(5, WIDE)}  {names[number]}  {number}  {about}")
        before = group
    print()
    print("示例社区的密码人人知道，请不要用它办正事。要建立正式的网站，请用 GONGYAN_DATABASE_URL 另指一个空的数据库")
    print("（例如 sqlite:///jiaoyan.db），再运行 serve。", flush=True)


WIDE: Final = "\N{IDEOGRAPHIC SPACE}"
