"""Jährliche Nachfrage: "Stimmt das noch?", spread over the year; silence leads to a call and then to a person who decides.

`rule` is the rule alone, without a database: the product (`asking`) and the simulation (`simulation`) both follow it.
"""
