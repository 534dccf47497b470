"""All figures of an office and a period at once.

`figures_of` counts for whoever is being acted for: one office, or, inside `across_offices`, a whole Land. It asks for no right:
a step or page that shows figures does (`of_office`), and what leaves the house goes through `suppression` first.
"""

from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current

from . import counted_contacts, counted_groups
from .definitions import FIGURES
from .tally import Figures


def of_office(period: Period, *, by: Staff, site: Site | None = None) -> Figures:
    """Return the figures of the office being acted for, for its own eyes.

    Args:
        period: months.
        by: who asks.
        site: only this site, where a figure knows sites; the others are left out.

    Raises:
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.STATISTICS, current())
    return figures_of(period, site=site)


def figures_of(period: Period, *, site: Site | None = None) -> Figures:
    """Return every figure that can be counted, by key, in the order of the definitions."""
    made = [*counted_contacts.figures_of(period, site), *counted_groups.groups(period, site)]
    made += [*counted_groups.activities(period, site), *counted_groups.support(period, site)]
    if site is None:
        made += [
            *counted_groups.referrals(period),
            *counted_groups.foundings_of(period),
            *counted_groups.funding(period),
        ]
    by_key = {figure.key: figure for figure in made}
    return Figures(period, {key: by_key[key] for key in FIGURES if key in by_key})
