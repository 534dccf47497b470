"""What is typed on the desk's own pages. Forms read; steps decide."""

from django import forms

from kontaktstelle.organisation.rights import Role

from .people import IN_ORDER

ROLES = [(role.value, role.label) for role in IN_ORDER]


class RolesForm(forms.Form):
    """The roles somebody shall have."""

    roles = forms.TypedMultipleChoiceField(label="Rollen", choices=ROLES, coerce=Role, required=False)


class InviteForm(RolesForm):
    """Whom to invite."""

    email = forms.CharField(
        label="E-Mail-Adresse",
        max_length=254,
        error_messages={"required": "Bitte geben Sie eine E-Mail-Adresse an."},
    )
    name = forms.CharField(label="Name", max_length=120, required=False)
    field_order = ["email", "name", "roles"]
