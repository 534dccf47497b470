"""A seeker's question: log a contact, clear, refer, call back, follow up, hand over, and forget the person.

Promise: `log.log_contact`, `log.open_enquiry`, `call_backs.promise`, `clearing.record`, `referral.draft` and what follows,
`due.day` (what the day asks for), `figures.count` (counts, never rows), `erasure` (acts of the register of periods). Hides: the person. Who asked
lies as an opaque number into `relay`; what is counted has no person at all, and counts stay the same when the person goes.
Rows are fetched through `access` only.
"""
