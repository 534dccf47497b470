"""Löschfristen of the projection: it follows the groups at once and can be made anew from them."""

from kontaktstelle.privacy.retention import kept, register

from .models import Entry, EntryTopic

register(
    *(
        kept(model, because="folgt der Gruppe in derselben Transaktion; nur Öffentliches", in_backup=False)
        for model in (Entry, EntryTopic)
    )
)
