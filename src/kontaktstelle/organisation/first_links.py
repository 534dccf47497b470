"""The first people of an installation: whoever leads the first office, and in the example one who leads and one who counsels."""

from dataclasses import dataclass
from datetime import datetime

from . import staff_steps
from .models import ContactPoint, Post, Staff
from .rights import Role

EXAMPLE_PEOPLE = (
    ("leitung@example.org", "Beispiel-Leitung", (Role.LEADS, Role.COUNSELS)),
    ("beratung@example.org", "Beispiel-Beratung", (Role.COUNSELS,)),
)


@dataclass(frozen=True, slots=True)
class FirstLink:
    """A one-time link to be printed: for whom, as what, and its token, which is stored nowhere."""

    email: str
    roles: tuple[str, ...]
    token: str


def example_links(office: ContactPoint, *, at: datetime) -> list[FirstLink]:
    """Return links for the example's people who have not set up their sign-in; earlier links are void."""
    return [
        _link(email, name, roles, office, at)
        for email, name, roles in EXAMPLE_PEOPLE
        if not _is_at_work(email)
    ]


def leader_link(office: ContactPoint, email: str, *, at: datetime) -> FirstLink | None:
    """Return a link for the first Leitung of an office; None if somebody leads it already, or no address is known."""
    leads = Staff.objects.filter(posts__contact_point=office, posts__role=Role.LEADS, is_active=True)
    if not email or any(staff_steps.has_access(each) for each in leads):
        return None
    return _link(email, "", (Role.LEADS, Role.COUNSELS), office, at)


def _link(
    email: str, name: str, roles: tuple[Post.Role, ...], office: ContactPoint, at: datetime
) -> FirstLink:
    member, token = staff_steps.invite(
        email=email, name=name, roles=roles, contact_point=office, by=None, at=at
    )
    return FirstLink(member.email, tuple(str(role.label) for role in roles), token)


def _is_at_work(email: str) -> bool:
    member = Staff.objects.filter(email=email).first()
    return member is not None and (not member.is_active or staff_steps.has_access(member))
