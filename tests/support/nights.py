"""A night by the register: what it took, by the label of the table."""

from kontaktstelle.privacy import retention


def night(*, at):
    """Do the register's work of one night; return how many rows each table lost, or lost the person of."""
    taken = {}
    for each in retention.run(at=at):
        assert not each.is_stuck, each.rule.label
        taken[each.rule.label] = taken.get(each.rule.label, 0) + each.count
    return taken
