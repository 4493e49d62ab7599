"""A three-way merge of one row: no edit is lost, every other change is taken, and again changes nothing."""

from hypothesis import given
from hypothesis import strategies as st

from ops.directory.fields import Row
from ops.directory.merging import Standing, added, conflicts, edit, made, merge

FIELDS = ("name", "phone", "languages", "way")
VALUES = st.one_of(st.none(), st.sampled_from(["1", "2", "3"]))
ROWS = st.fixed_dictionaries(dict.fromkeys(FIELDS, VALUES)).map(
    lambda row: {name: value for name, value in row.items() if value is not None}
)
EDITS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3)
STEPS = st.lists(st.one_of(st.tuples(st.just("edit"), EDITS), st.tuples(st.just("merge"), ROWS)), max_size=6)


def after(base: Row, steps: list[tuple[str, Row]]) -> Standing:
    """A row that was added, and what befell it since."""
    standing = added(base)
    for act, row in steps:
        standing = edit(standing, row) if act == "edit" else merge(standing, row).standing
    return standing


@given(base=ROWS, steps=STEPS, update=ROWS)
def test_no_edit_is_lost_and_every_other_change_is_taken(base: Row, steps: list[tuple[str, Row]], update: Row) -> None:
    here = after(base, steps)
    merged = merge(here, update).standing
    for name in FIELDS:
        wanted = here.row.get(name) if name in here.edited else update.get(name)
        assert merged.row.get(name) == wanted


@given(base=ROWS, edits=EDITS, update=ROWS)
def test_a_conflict_is_what_both_sides_changed_and_not_to_the_same(base: Row, edits: Row, update: Row) -> None:
    merged = merge(edit(added(base), edits), update).standing
    ours = base | edits
    both = {
        name
        for name in FIELDS
        if ours.get(name) != base.get(name) != update.get(name) and ours.get(name) != update.get(name)
    }
    assert {one.field for one in conflicts(merged)} == both
    assert all((one.before, one.after) == (ours.get(one.field), update.get(one.field)) for one in conflicts(merged))


@given(base=ROWS, steps=STEPS, update=ROWS, held=st.sets(st.sampled_from(FIELDS)))
def test_the_same_list_again_changes_nothing(
    base: Row, steps: list[tuple[str, Row]], update: Row, held: set[str]
) -> None:
    once = merge(after(base, steps), update, held)
    again = merge(once.standing, update, held)
    assert again.standing == once.standing
    assert again.taken == ()


@given(base=ROWS, steps=STEPS, update=ROWS, held=st.sets(st.sampled_from(FIELDS)))
def test_what_is_held_stays_and_what_the_list_says_of_it_is_a_conflict(
    base: Row, steps: list[tuple[str, Row]], update: Row, held: set[str]
) -> None:
    here = after(base, steps)
    merged = merge(here, update, held).standing
    assert all(merged.row.get(name) == here.row.get(name) for name in held)
    unedited = held - here.edited.keys()
    assert {name for name in unedited if update.get(name) != here.row.get(name)} == {
        one.field for one in conflicts(merged) if one.field in unedited
    }


@given(base=ROWS, steps=STEPS)
def test_what_was_not_edited_is_what_the_list_last_said(base: Row, steps: list[tuple[str, Row]]) -> None:
    here = after(base, steps)
    assert all(here.row.get(name) == here.imported.get(name) for name in set(FIELDS) - here.edited.keys())


@given(base=ROWS, steps=STEPS, update=ROWS)
def test_an_edit_is_not_lost_to_a_list_that_was_exported_here(
    base: Row, steps: list[tuple[str, Row]], update: Row
) -> None:
    """Which says all that was edited, and is followed by one that does not know of it."""
    here = after(base, steps)
    own = merge(here, here.row)
    assert own.taken == () and own.standing.edited.keys() == here.edited.keys()
    later = merge(own.standing, update).standing
    assert all(later.row.get(name) == here.row.get(name) for name in here.edited)


@given(ours=ROWS, update=ROWS)
def test_what_was_made_here_no_list_changes_unseen(ours: Row, update: Row) -> None:
    merged = merge(made(ours), update)
    assert all(merged.standing.row.get(name) == ours.get(name) for name in ours)
    assert {one.field for one in conflicts(merged.standing)} == {
        name for name in ours if name in update and update[name] != ours[name]
    }


@given(base=ROWS, steps=STEPS)
def test_each_conflict_ends_when_somebody_decides(base: Row, steps: list[tuple[str, Row]]) -> None:
    here = after(base, steps)
    for one in conflicts(here):
        kept, accepted = edit(here, {one.field: one.before}), edit(here, {one.field: one.after})
        assert not kept.is_contested(one.field) and kept.row.get(one.field) == one.before
        assert not accepted.is_contested(one.field) and accepted.row.get(one.field) == one.after
        assert merge(accepted, here.imported).standing == accepted
        assert merge(kept, here.imported).standing == kept


def test_a_list_that_goes_back_ends_its_conflict() -> None:
    edited = edit(added({"phone": "1"}), {"phone": "2"})
    contested = merge(edited, {"phone": "3"}).standing
    assert [one.field for one in conflicts(contested)] == ["phone"]
    assert list(conflicts(merge(contested, {"phone": "1"}).standing)) == []
