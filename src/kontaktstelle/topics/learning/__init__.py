"""Learning: from the phrase bank to the small classifier that `resolving` uses. Runs at build time only.

`python -m kontaktstelle.topics.learning` writes `topics/model/`; `evaluation` judges it by phrases set aside.
"""
