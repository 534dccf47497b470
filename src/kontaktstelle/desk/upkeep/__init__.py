"""Gruppenpflege at the desk: what groups changed by themselves, what they propose, and the yearly question."""
