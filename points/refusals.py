"""Why a fact is refused: a name for machines, a sentence for people."""

from enum import StrEnum


class Refusal(StrEnum):
    """A fact that leaves no trace. The value is the reason in the activity log's own words."""

    DUPLICATE_FACT = "duplicate_fact"
    YEAR_CLOSED = "year_closed"
    DUPLICATE_OBJECT = "duplicate_object"
    UNKNOWN_OBJECT = "unknown_object"
    REMOVED = "removed"
    NOT_REMOVED = "not_removed"
    NOT_OWNER = "not_owner"
    NOT_HOST = "not_host"
    OWN_CONTENT = "own_content"
    BAD_STARS = "bad_stars"
    ALREADY_RECOMMENDED = "already_recommended"
    ALREADY_FEATURED = "already_featured"
    NOTHING_TO_RETRACT = "nothing_to_retract"
    NOTHING_TO_REVOKE = "nothing_to_revoke"
    BAD_CATEGORY = "bad_category"
    BAD_SOURCE = "bad_source"
    BAD_HOURS = "bad_hours"
    HOUR_CAP = "hour_cap"
    INSUFFICIENT_POINTS = "insufficient_points"

    @property
    def sentence(self) -> str:
        """What was wrong and how to mend it, for the person who asked (Chinese)."""
        return SENTENCES[self]


SENTENCES = {
    Refusal.DUPLICATE_FACT: "这件事已经记录过了，不会重复计算。",
    Refusal.YEAR_CLOSED: "该年度已经结束，记录不能再改动。",
    Refusal.DUPLICATE_OBJECT: "这个编号已被使用，请换一个编号。",
    Refusal.UNKNOWN_OBJECT: "找不到要操作的对象，请刷新页面后再试。",
    Refusal.REMOVED: "对象已被移除，恢复之后才能继续。",
    Refusal.NOT_REMOVED: "对象没有被移除，无需恢复。",
    Refusal.NOT_OWNER: "只有共享者本人可以修订这份资源。",
    Refusal.NOT_HOST: "只有工作坊主可以这样做。",
    Refusal.OWN_CONTENT: "不能评价或推荐自己的内容。",
    Refusal.BAD_STARS: "请给出 1 至 5 的整数星级。",
    Refusal.ALREADY_RECOMMENDED: "这份作业已被推优，每份作业只推优一次。",
    Refusal.ALREADY_FEATURED: "这个工作坊已置顶过，同一工作坊最多置顶一次。",
    Refusal.NOTHING_TO_RETRACT: "这位教师没有参与记录可以撤回。",
    Refusal.NOTHING_TO_REVOKE: "本年度没有可以撤销的积分。",
    Refusal.BAD_CATEGORY: "积分只能兑换专业科目或个人选修科目学时。",
    Refusal.BAD_SOURCE: "没有这种学时来源，请从列表中选择。",
    Refusal.BAD_HOURS: "学时须为允许范围内的整数。",
    Refusal.HOUR_CAP: "超过该科目本年度可兑换的学时上限。",
    Refusal.INSUFFICIENT_POINTS: "积分不足，换不了这么多学时，请少换一些。",
}
