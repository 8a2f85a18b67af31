import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from points import rulebook as module
from points.rulebook import (
    CATEGORIES,
    PRESENT,
    RULES,
    UNCAPPED,
    Rulebook,
    RulebookError,
    Rulebooks,
    dated,
    parse_rulebook,
    present_rulebook,
    read_rulebook,
    read_rulebooks,
)

TEXT = PRESENT.read_text(encoding="utf-8")
# All ten rules, but only a few of the other tables, so that it is read two hundred times in no time.
SHORT = re.sub(
    r"\[sources\.(?!public_course|research|studio|achievement|study_app).*?\n\n"
    r"|\[\[readings\]\]\nnumber = ([3-9]|1\d).*?\n\n"
    r"|\[\[reserved\]\]\nclause = '(?!一\(一\)).*?\n(\n|$)",
    "",
    TEXT,
    flags=re.DOTALL,
)
TICK = timedelta(microseconds=1)
TOPIC = "threshold = { repliers = 10 }"
ACCLAIM = "{ raters = 20, stars = 3, mean = 3.0 }"


def edited(*edits: tuple[str, str]) -> str:
    """The rulebook, each edit made once: the first place where the old text stands."""
    text = SHORT
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def version(number: int, day: date, *edits: tuple[str, str]) -> Rulebook:
    dates = ("version = 1", f"version = {number}"), ("holds_from = 2021-01-01", f"holds_from = {day}")
    return parse_rulebook(edited(*dates, *edits), f"version {number}")


# The shipped rulebook


def test_the_shipped_rulebook_passes_the_check_that_is_spared_at_start() -> None:
    found = sha256(PRESENT.read_bytes()).hexdigest()
    assert parse_rulebook(f"{TEXT}\n", "checked").caps == present_rulebook().caps
    assert found == module.PRESENT_SHA256, f"the rulebook is sound; PRESENT_SHA256 should be {found}"


@pytest.mark.parametrize(
    ("rule_id", "clause", "points", "cap"),
    [
        ("share_resource", "一(四)", 20, 100),
        ("topic_discussed", "一(六)", 10, 100),
        ("found_workshop", "一(七)", 50, 100),
        ("create_activity", "一(八)", 20, 100),
        ("excellent_resource", "二(一)", 20, 100),
        ("popular_topic", "二(二)", 10, 100),
        ("activity_participation", "二(五)", 10, None),
        ("homework_recommended", "二(六)", 20, None),
        ("workshop_active", "二(七)", (100, 20), None),
        ("workshop_featured", "二(九)", (500, 100), None),
    ],
)
def test_each_rule_pays_what_its_clause_says(
    rule_id: str, clause: str, points: int | tuple[int, int], cap: int | None
) -> None:
    rule = present_rulebook().rule(rule_id)
    assert rule is not None and rule.enabled
    paid = rule.points if isinstance(rule.points, int) else (rule.points.host, rule.points.participant)
    assert (rule.id, rule.clause, paid, rule.cap) == (rule_id, clause, points, cap)
    assert present_rulebook().caps[rule_id] == (UNCAPPED if cap is None else cap)


def test_thresholds_are_those_of_the_clauses() -> None:
    rules = present_rulebook().rules
    assert [rule.id for rule in rules] == list(RULES)
    assert rules.topic_discussed.threshold.repliers == 10
    assert rules.popular_topic.threshold.repliers == 20
    acclaim = rules.excellent_resource.threshold
    assert (acclaim.raters, acclaim.stars, acclaim.mean) == (20, 3, Fraction(3))
    activity = rules.activity_participation.threshold
    assert (activity.participants, activity.outcomes) == (10, 1)
    assert rules.workshop_active.threshold.participants == 10


@pytest.mark.parametrize(
    ("name", "clause", "category", "cap"),
    [
        ("public_course", "五(四)1", "public", None),
        ("online_course", "五(四)2(1)", "professional", None),
        ("training_class", "五(四)2(2)", "professional", None),
        ("state_training", "五(四)2(3)", "professional", None),
        ("research_activity", "五(四)2(4)", "professional", 10),
        ("online_trainer", "五(四)2(6)", "professional", None),
        ("studio", "五(四)2(7)", "professional", 42),
        ("degree_related", "五(四)2(9)", "professional", 28),
        ("achievement", "五(四)2(10)", "professional", 28),
        ("vocational_certificate", "五(四)2(12)①", "professional", 20),
        ("industry_training", "五(四)2(12)②", "professional", 42),
        ("psychology_certificate", "五(四)2(12)③", "professional", None),
        ("elective_course", "五(四)3(1)", "elective", None),
        ("school_research", "五(四)3(2)", "elective", 18),
        ("study_app", "五(四)3(3)", "elective", 8),
        ("degree_unrelated", "五(四)3(4)", "elective", 18),
    ],
)
def test_each_source_of_hours_counts_what_its_clause_says(
    name: str, clause: str, category: str, cap: int | None
) -> None:
    source = present_rulebook().sources[name]
    assert source.enabled
    assert (source.clause, source.category, source.cap) == (clause, category, cap)


def test_sources_accept_and_count_as_their_clauses_say() -> None:
    sources = present_rulebook().sources
    assert len(sources) == 16
    course, app, achievement = sources["online_course"], sources["study_app"], sources["achievement"]
    assert [course.accepts(hours) for hours in (0, 1, 10_000, 10_001)] == [False, True, True, False]
    assert [app.accepts(units) for units in (0, 1, 3_000_000, 3_000_001)] == [False, True, True, False]
    assert [hours for hours in range(50) if achievement.accepts(hours)] == [14, 28]
    assert [app.counted(units) for units in (0, 299, 300, 2_399, 2_400, 9_000)] == [0, 0, 1, 7, 8, 8]
    assert [achievement.counted(hours) for hours in (14, 28, 42)] == [14, 28, 28]
    assert course.counted(12_345) == 12_345


def test_redemption_requirement_readings_and_reserved_slots() -> None:
    rulebook = present_rulebook()
    assert rulebook.redemption.points_per_hour == 100
    assert rulebook.redemption.ceilings == {"professional": 10, "elective": 10}
    need = rulebook.requirement_of(2025)
    assert (need.public, need.professional, need.elective, need.total) == (30, 42, 18, 90)
    assert [reading.number for reading in rulebook.readings] == list(range(1, 16))
    assert "、".join(slot.clause for slot in rulebook.reserved) == (
        "一(一)、一(二)、一(三)、一(五)、二(三)、二(四)、二(八)、三(二)、五(四)2(5)、五(四)2(8)、五(四)2(11)"
    )
    assert not any(slot.enabled for slot in rulebook.reserved)
    assert {source.category for source in rulebook.sources.values()} == set(CATEGORIES)


def test_the_shipped_rulebook_is_read_without_loading_pydantic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "points.rulebook_check", None)
    assert parse_rulebook(TEXT, "shipped").version == 1
    with pytest.raises(ImportError):
        parse_rulebook(f"{TEXT}\n", "another")


# Another one


def test_a_value_a_cap_a_threshold_and_a_switch_change_without_code() -> None:
    rulebook = parse_rulebook(
        edited(
            ("points = 20\ncap = 100", "points = 7\ncap = 0"),
            (TOPIC, "threshold = { repliers = 3 }\ncap = 30"),
            ("points = 10\ncap = 100", "points = 10"),
            ("enabled = true\npoints = 50", "enabled = false\npoints = 50"),
            (ACCLAIM, "{ raters = 1, stars = 5, mean = 3.333333333 }"),
            ("points = { host = 100, participant = 20 }", "points = { host = 1, participant = 2 }\ncap = 9"),
        ),
        "changed",
    )
    rules = rulebook.rules
    assert (rules.share_resource.points, rules.share_resource.cap) == (7, 0)
    assert (rules.topic_discussed.threshold.repliers, rules.topic_discussed.cap) == (3, 30)
    assert not rules.found_workshop.enabled
    assert rules.excellent_resource.threshold.mean == Fraction(3_333_333_333, 1_000_000_000)
    assert rules.workshop_active.points.participant == 2
    assert rulebook.caps["workshop_active"] == 9


def test_a_year_may_have_a_requirement_of_its_own() -> None:
    own = "\n[requirement.years.2027]\nsource = 's'\npublic = 1\nprofessional = 2\nelective = 3\ntotal = 6\n"
    rulebook = parse_rulebook(SHORT + own, "own")
    assert [rulebook.requirement_of(year).total for year in (2026, 2027, 2028)] == [90, 6, 90]


def test_the_mean_may_be_whole_and_the_file_may_come_from_an_old_editor(tmp_path: Path) -> None:
    file = tmp_path / "规则.toml"
    file.write_bytes(b"\xef\xbb\xbf" + edited(("mean = 3.0", "mean = 4")).replace("\n", "\r\n").encode())
    rulebook = read_rulebook(file)
    assert rulebook.rules.excellent_resource.threshold.mean == 4
    assert rulebook.text == edited(("mean = 3.0", "mean = 4")).replace("\n", "\r\n")
    assert parse_rulebook(rulebook.text, "again").text == rulebook.text


def test_nobody_knows_a_rule_of_another_name() -> None:
    assert present_rulebook().rule("share_resources") is None
    assert present_rulebook().rule("__iter__") is None


# Wrong ones: each edit, and what the sentence must say

SHARE = "[rules.share_resource]"
STUDIO = "[sources.studio]"
HUGE = "1_000_000_001"
WRONG = [
    # rules
    ((SHARE, "[rules.share_resources]"), "rules.share_resources is not a rule that is known"),
    ((SHARE, "[sharing]"), "sharing is not a key that is known there"),
    ((SHARE, f"{SHARE}\ncaps = 5"), "rules.share_resource.caps is not a key that is known there"),
    ((SHARE, f"{SHARE}\nid = 'share_resource'"), "rules.share_resource.id is not a key"),
    ((SHARE, f"{SHARE}\n'[key]' = 1"), "rules.share_resource.'[key]' is not a key"),
    ((SHARE, f'{SHARE}\n"a\\nb" = 1'), r"rules.share_resource.'a\nb' is not a key"),
    (
        (SHARE, f"{SHARE}\nthreshold = {{ repliers = 1 }}"),
        "rules.share_resource.threshold.repliers is not a key",
    ),
    ((TOPIC, ""), "rules.topic_discussed.threshold is missing"),
    (
        (TOPIC, "threshold = { participants = 10 }"),
        "rules.topic_discussed.threshold.participants is not a key",
    ),
    ((TOPIC, "threshold = {}"), "rules.topic_discussed.threshold.repliers is missing"),
    ((TOPIC, "threshold = 10"), "rules.topic_discussed.threshold should be a table, not 10"),
    (
        (TOPIC, "threshold = { repliers = 0 }"),
        "topic_discussed.threshold.repliers should be at least 1, not 0",
    ),
    ((TOPIC, "threshold = { repliers = 1.5 }"), "repliers should be a whole number, not 1.5"),
    ((TOPIC, "threshold = { repliers = 10.0 }"), "repliers should be a whole number, not 10.0"),
    ((TOPIC, "threshold = { repliers = true }"), "repliers should be a whole number, not true"),
    ((TOPIC, "threshold = { repliers = '10' }"), "repliers should be a whole number, not '10'"),
    (
        ("points = 20", "points = 0"),
        "share_resource.points should be at least 1, not 0; to switch the rule off, say enabled",
    ),
    (("points = 20", "points = -5"), "rules.share_resource.points should be at least 1, not -5"),
    (
        ("points = 20", f"points = {HUGE}"),
        "share_resource.points should be at most 1000000000, not 1000000001",
    ),
    (
        ("points = 20", f"points = 0x{'f' * 5000}"),
        "points should be at most 1000000000, not so large a number",
    ),
    (("points = 20", f"points = {'9' * 5000}"), "holds a number that is too long"),
    (
        ("points = 20", "points = { host = 1, participant = 1 }"),
        "points should be a whole number, not a table",
    ),
    (("points = 20", "points = inf"), "points should be a whole number, not Infinity"),
    (("points = 20", ""), "rules.share_resource.points is missing"),
    (("host = 100,", ""), "rules.workshop_active.points.host is missing"),
    (
        ("host = 100,", "host = 0,"),
        "rules.workshop_active.points.host should be at least 1, not 0; to switch",
    ),
    (("cap = 100", "cap = -1"), "rules.share_resource.cap should be at least 0, not -1"),
    (("cap = 100", "cap = false"), "rules.share_resource.cap should be a whole number, not false"),
    (("cap = 100", "cap = 'none'"), "rules.share_resource.cap should be a whole number, not 'none'"),
    (("enabled = true", "enabled = 1"), "rules.share_resource.enabled should be true or false, not 1"),
    (
        ("enabled = true", "enabled = 'false'"),
        "rules.share_resource.enabled should be true or false, not 'false'",
    ),
    (("enabled = true", ""), "rules.share_resource.enabled is missing"),
    (("name = '共享资源'", "name = ''"), "rules.share_resource.name should not be empty"),
    (("name = '共享资源'", "name = ' '"), "rules.share_resource.name should be text that can be read"),
    (("name = '共享资源'", 'name = "共\\n享"'), "rules.share_resource.name should be text that can be read"),
    (("name = '共享资源'", 'text = "\\u0000"'), "is not valid TOML"),
    (("text = '共享资源", 'text = "\\u0000" #'), "rules.share_resource.text should be text that can be read"),
    (
        ("text = '", f"text = '{'略' * 10_001}"),
        "rules.share_resource.text should be at most 10000 characters",
    ),
    (("clause = '一(四)'", "clause = 4"), "rules.share_resource.clause should be text, not 4"),
    (("raters = 20", "raters = 0"), "excellent_resource.threshold.raters should be at least 1, not 0"),
    (("stars = 3", "stars = 0"), "excellent_resource.threshold.stars should be at least 1, not 0"),
    (("stars = 3", "stars = 6"), "excellent_resource.threshold.stars should be at most 5, not 6"),
    (("mean = 3.0", "mean = 0.99"), "threshold.mean should be from 1 to 5, not 0.99"),
    (("mean = 3.0", "mean = 5.000000001"), "threshold.mean should be from 1 to 5, not 5.000000001"),
    (("mean = 3.0", "mean = 3.3333333333"), "threshold.mean should have at most nine decimals"),
    (("mean = 3.0", "mean = nan"), "threshold.mean should be from 1 to 5, not NaN"),
    (("mean = 3.0", "mean = 1e999999"), "threshold.mean should be from 1 to 5, not 1E+999999"),
    (("mean = 3.0", f"mean = 1e{'9' * 30}"), "holds a number that is too long"),
    (("mean = 3.0", "mean = true"), "threshold.mean should be a number of stars from 1 to 5, not true"),
    (("mean = 3.0", "mean = '3'"), "threshold.mean should be a number of stars from 1 to 5, not '3'"),
    # redemption
    (
        ("points_per_hour = 100", "points_per_hour = 0"),
        "redemption.points_per_hour should be at least 1, not 0",
    ),
    (
        ("elective = 10", "public = 10"),
        "redemption.ceilings.public is no category that points become hours of",
    ),
    (("elective = 10", ""), "redemption.ceilings.elective is missing"),
    (("elective = 10", "elective = 2.5"), "redemption.ceilings.elective should be a whole number, not 2.5"),
    (("[redemption.expiry]", "[redemption.end]"), "redemption.end is not a key"),
    # sources
    ((STUDIO, "[sources.'工作室']"), "sources.'工作室' is no name for a source"),
    ((STUDIO, "[sources.Studio]"), "sources.Studio is no name for a source"),
    ((STUDIO, f"{STUDIO}\nhours = 1"), "sources.studio.hours is not a key"),
    (
        ("category = 'public'", "category = 'publik'"),
        "sources.public_course.category should be 'public', 'prof",
    ),
    (("cap = 42", "cap = -42"), "sources.studio.cap should be at least 0, not -42"),
    (("amounts = [28, 14]", "amounts = []"), "sources.achievement.amounts should name an amount"),
    (
        ("amounts = [28, 14]", "amounts = [28, 0]"),
        "sources.achievement.amounts[2] should be at least 1, not 0",
    ),
    (("amounts = [28, 14]", "amounts = 28"), "sources.achievement.amounts should be a list, not 28"),
    (
        ("amounts = [28, 14]", "amounts = [10_001]"),
        "sources.achievement.most_registered should be at least 10001",
    ),
    (("units_per_hour = 300", "units_per_hour = 0"), "sources.study_app.units_per_hour should be at least 1"),
    (
        ("most_registered = 3_000_000", "most_registered = 0"),
        "study_app.most_registered should be at least 1",
    ),
    # requirement
    (("total = 90", ""), "requirement.total is missing"),
    (("total = 90", "total = 90\nyears = { 27 = {} }"), "requirement.years.27 is no year"),
    (("total = 90", "total = 90\nyears = { next = {} }"), "requirement.years.next is no year"),
    (("total = 90", "total = 90\nyears = { 2027 = {} }"), "requirement.years.2027.source is missing"),
    (("total = 90", "total = 90\nyears = []"), "requirement.years should be a table, not a list"),
    # the rest
    (("number = 2", "number = 3"), "readings should be numbered 1 to 2 in order"),
    (
        ("'一(一)'\nenabled = false", "'一(一)'\nenabled = true"),
        "reserved 一(一) should say enabled = false: the clause is not public",
    ),
    (("'一(一)'\nenabled = false", "'一(一)'\npoints = 5"), "reserved[1].points is not a key"),
    (("version = 1", "version = 0"), "version should be at least 1, not 0"),
    (("version = 1", "version = '1'"), "version should be a whole number, not '1'"),
    (("version = 1", ""), "version is missing"),
    (
        ("holds_from = 2021-01-01", "holds_from = '2021-01-01'"),
        "holds_from should be a date like 2026-01-01, not '2021",
    ),
    (("holds_from = 2021-01-01", "holds_from = 2021-01-01T00:00:00Z"), "holds_from should be a date like"),
    (("holds_from = 2021-01-01", "holds_from = 2021-02-30"), "is not valid TOML"),
    (("version = 1", "version = 1\ntext = 'x'"), "text is not a key that is known there"),
    (("version = 1", "version = 1\nversion = 1"), "is not valid TOML"),
    (("version = 1", "version = 1\n\nrules = 5\n"), "is not valid TOML"),
    (("version = 1", "version == 1"), "is not valid TOML: Invalid value (at line 8"),
    (("version = 1", f"version = {'[' * 5000}"), "is nested too deeply"),
    (("version = 1", "version = 1 # \ud800"), "is not text that UTF-8 can hold"),
]


@pytest.mark.parametrize(("edit", "sentence"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_rulebook_is_refused_in_one_sentence(edit: tuple[str, str], sentence: str) -> None:
    with pytest.raises(RulebookError) as refusal:
        parse_rulebook(edited(edit), "广州.toml")
    assert str(refusal.value).startswith("广州.toml: ")
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 250


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rulebook_that_lacks_a_rule_is_refused(rule_id: str) -> None:
    without = re.sub(rf"\[rules\.{rule_id}\].*?(?=\n\[)", "", SHORT, flags=re.DOTALL)
    with pytest.raises(RulebookError, match=rf"^x: rules\.{rule_id} is missing$"):
        parse_rulebook(without, "x")


@pytest.mark.parametrize("text", ["", "rules = 5", "rules = []", "[rules]\nshare_resource = 1", "[[rules]]"])
def test_what_is_no_rulebook_at_all_is_refused(text: str) -> None:
    with pytest.raises(RulebookError, match=r"^x: \S+ (is missing|should be a table)"):
        parse_rulebook(text, "x")


def _nothing(path: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (_nothing, "there is no such file"),
        (Path.mkdir, "is a directory, name a file in it"),
        (
            lambda path: path.write_bytes("# 规则\n# 规则".encode("gbk")),
            "is not UTF-8 (in line 1), save it as UTF-8",
        ),
        (lambda path: path.write_bytes(b"#" * 1_000_001), "is longer than 1,000,000 bytes"),
        (lambda path: path.symlink_to(path), "cannot be read (Too many levels of symbolic links)"),
    ],
    ids=["missing", "directory", "not UTF-8", "too long", "unreadable"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, prepare: Callable[[Path], object], sentence: str) -> None:
    path = tmp_path / "rulebook.toml"
    prepare(path)
    with pytest.raises(RulebookError, match="^" + re.escape(f"{path}: ")) as refusal:
        read_rulebook(path)
    assert sentence in str(refusal.value)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(RulebookError, match="no file can have that name"):
        read_rulebooks(Path("rule\0book"))


# Versions

FIRST = version(1, date(2021, 1, 1))


def test_the_first_version_holds_for_all_earlier_days_and_the_next_from_its_day_in_guangzhou() -> None:
    second = version(2, date(2026, 9, 1), ("points = 20", "points = 30"))
    books = Rulebooks([FIRST, second])
    midnight = datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert books.at(datetime.min.replace(tzinfo=UTC)) is FIRST
    assert books.at(midnight - TICK) is FIRST
    assert books.at(midnight) is second
    assert books.at(datetime(9999, 12, 31, 15, 59, 59, tzinfo=UTC)) is second
    assert books.of_year(1) is FIRST
    assert books.of_year(2026) is FIRST
    assert books.of_year(2027) is second is books.of_year(9999)


def test_a_version_of_the_first_of_january_has_that_year() -> None:
    second = version(2, date(2027, 1, 1), ("cap = 100", "cap = 200"))
    books = Rulebooks([FIRST]).with_version(second)
    assert books.of_year(2026) is FIRST
    assert books.of_year(2027) is second
    assert books.at(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) is FIRST
    assert books.at(datetime(2026, 12, 31, 16, tzinfo=UTC)) is second


def test_a_version_of_before_1992_begins_by_the_summer_time_of_then() -> None:
    second = version(2, date(1990, 7, 1))
    books = Rulebooks([version(1, date(1980, 1, 1)), second])
    begins = datetime(1990, 6, 30, 15, tzinfo=UTC)
    assert books.at(begins) is second is not books.at(begins - TICK)
    assert books.span(begins)[1] == begins == books.span(begins - TICK)[2]


def test_within_a_span_neither_version_nor_year_changes() -> None:
    books = Rulebooks([FIRST, version(2, date(2026, 9, 1)), version(3, date(2027, 1, 1))])
    spans = {
        "2025-05-05": (1, "2024-12-31T16:00:00Z", "2025-12-31T16:00:00Z"),
        "2026-01-01": (1, "2025-12-31T16:00:00Z", "2026-08-31T16:00:00Z"),
        "2026-09-01": (2, "2026-08-31T16:00:00Z", "2026-12-31T16:00:00Z"),
        "2027-01-01": (3, "2026-12-31T16:00:00Z", "2027-12-31T16:00:00Z"),
        "9999-12-31": (3, "9998-12-31T16:00:00Z", "9999-12-31T16:00:00Z"),
    }
    for day, (number, begins, ends) in spans.items():
        moment = datetime.fromisoformat(f"{day}T00:00:00+08:00")
        rulebook, since, until = books.span(moment)
        assert (rulebook.version, since, until) == (
            number, datetime.fromisoformat(begins), datetime.fromisoformat(ends),
        )  # fmt: skip
        assert since <= moment < until
        assert since.utcoffset() == timedelta(0) == until.utcoffset()
    assert books.span(datetime.min.replace(tzinfo=UTC))[1] == datetime.min.replace(tzinfo=UTC)
    with pytest.raises(ValueError, match="outside of the years"):
        books.span(datetime.max.replace(tzinfo=UTC))


MID_YEAR = date(2026, 9, 1)
OF_2026 = "years.2026 = { source = 's', public = 1, professional = 1, elective = 1, total = 3 }"


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (("cap = 100", "cap = 200"), "rules.share_resource.cap"),
        (("cap = 100", ""), "rules.share_resource.cap"),
        (("points_per_hour = 100", "points_per_hour = 50"), "redemption.points_per_hour"),
        (("elective = 10", "elective = 9"), "redemption.ceilings.elective"),
        (("cap = 42", "cap = 41"), "sources.studio.cap"),
        (("cap = 10\n", "cap = 11\n"), "sources.research_activity.cap"),
        ((STUDIO, "[sources.workroom]"), "sources.studio.enabled"),
        (("category = 'public'", "category = 'elective'"), "sources.public_course.category"),
        (("amounts = [28, 14]", "amounts = [28]"), "sources.achievement.amounts"),
        (("units_per_hour = 300", "units_per_hour = 30"), "sources.study_app.units_per_hour"),
        (("most_registered = 3_000_000", ""), "sources.study_app.most_registered"),
        (("total = 90", "total = 72"), "requirement.total"),
        (("total = 90", f"total = 90\n{OF_2026}"), "requirement.years.2026.public"),
    ],
)
def test_caps_and_hour_ceilings_change_on_the_first_of_january_only(edit: tuple[str, str], key: str) -> None:
    with pytest.raises(RulebookError, match=re.escape(f"changes {key} on 2026-09-01: caps and hour ceilings")):
        Rulebooks([FIRST, version(2, MID_YEAR, edit)])
    assert Rulebooks([FIRST, version(2, date(2027, 1, 1), edit)])


@pytest.mark.parametrize(
    "edit",
    [
        ("points = 20", "points = 30"),
        ("enabled = true", "enabled = false"),
        (TOPIC, "threshold = { repliers = 9 }"),
        ("mean = 3.0", "mean = 3.5"),
        ("reading = '", "reading = '新"),
    ],
)
def test_other_values_change_on_any_day(edit: tuple[str, str]) -> None:
    assert Rulebooks([FIRST, version(2, MID_YEAR, edit)]).at(datetime(2026, 9, 1, tzinfo=UTC)).version == 2


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [
        ([], "there is no version"),
        ([(2, 2021)], "is version 2, not 1"),
        ([(1, 2021), (3, 2022)], "is version 3, not 2"),
        ([(1, 2021), (1, 2022)], "is version 1, not 2"),
        (
            [(1, 2021), (2, 2021)],
            "version 2 of the rulebook holds from 2021-01-01, but should hold from a day after",
        ),
        (
            [(1, 2021), (2, 2020)],
            "version 2 of the rulebook holds from 2020-01-01, but should hold from a day after",
        ),
    ],
)
def test_versions_ascend_in_number_and_day(versions: list[tuple[int, int]], sentence: str) -> None:
    with pytest.raises(RulebookError, match=sentence):
        Rulebooks([version(number, date(year, 1, 1)) for number, year in versions])


# Files of versions


def test_a_directory_holds_one_version_a_file(tmp_path: Path) -> None:
    for number, name in enumerate(["b", "a"], start=1):
        text = version(number, date(2020 + number, 1, 1)).text
        (tmp_path / f"rulebook-{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "log.jsonl").write_text("no rulebook")
    assert [rulebook.version for rulebook in read_rulebooks(tmp_path).versions] == [1, 2]


def test_a_directory_without_a_rulebook_or_without_the_first_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=re.escape(f"{tmp_path}: ") + "there is no version.*rulebook-"):
        read_rulebooks(tmp_path)
    (tmp_path / "rulebook-2.toml").write_text(edited(("version = 1", "version = 2")), encoding="utf-8")
    with pytest.raises(RulebookError, match=re.escape(f"{tmp_path}: ") + ".*is version 2, not 1"):
        read_rulebooks(tmp_path)


def test_a_file_alone_is_the_first_version_whatever_its_number(tmp_path: Path) -> None:
    file = tmp_path / "next.toml"
    file.write_text(edited(("version = 1", "version = 4  # the fourth")), encoding="utf-8")
    (rulebook,) = read_rulebooks(file).versions
    assert rulebook.version == 1
    assert rulebook.text == edited(("version = 1", "version = 1  # the fourth"))


# Another number and day

DAY = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version = 1\nholds_from = 2021-01-01\n", "version = 2\nholds_from = 2027-01-01\n"),
        (
            "\tversion=1#one\r\n 'holds_from'  =\t2021-01-01 \r\n",
            "\tversion=2#one\r\n 'holds_from'  =\t2027-01-01 \r\n",
        ),
        ('holds_from = "#soon" # ?\n"version" = 0x1', 'holds_from = 2027-01-01 # ?\n"version" = 2'),
        ("holds_from = 2021-01-01 00:00:00Z\nversion = 1.5\n", "holds_from = 2027-01-01\nversion = 2\n"),
        (
            "a = '''\nversion = 1\nholds_from = 1'''\nversion = 1\nholds_from = 2021-01-01\n[b]\nversion = 1",
            "a = '''\nversion = 1\nholds_from = 1'''\nversion = 2\nholds_from = 2027-01-01\n[b]\nversion = 1",
        ),
        ("# none\n[a]\nversion = 1\n", "version = 2\nholds_from = 2027-01-01\n# none\n[a]\nversion = 1\n"),
        (
            "\ufeffversion = 2\nholds_from = 2027-01-01\nx = nan",
            "version = 2\nholds_from = 2027-01-01\nx = nan",
        ),
    ],
)
def test_a_text_gets_another_number_and_day_and_keeps_the_rest_to_the_letter(before: str, after: str) -> None:
    assert dated(before, 2, DAY) == after


@pytest.mark.parametrize("text", ["version = [\n1\n]", 'version = """\n1"""', "version.minor = 1", "version ="])
def test_a_text_that_says_its_number_in_an_odd_way_is_refused(text: str) -> None:
    with pytest.raises(RulebookError, match=r"version should stand in one line at the top|not valid TOML"):
        dated(text, 2, DAY)
