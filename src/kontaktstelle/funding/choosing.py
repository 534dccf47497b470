"""The choices forms offer, as pairs of value and German words."""

from .models import AwardingSeat, FundingRound, Programme

KINDS = [(str(value), str(words)) for value, words in Programme.Kind.choices]
DELIVERIES = [(str(value), str(words)) for value, words in FundingRound.Delivery.choices]
PURPOSES = [(str(value), str(words)) for value, words in FundingRound.Purpose.choices]
CAPACITIES = [(str(value), str(words)) for value, words in AwardingSeat.Capacity.choices]
