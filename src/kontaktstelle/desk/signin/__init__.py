"""Signing in with django-allauth: which of its pages there are, how it keeps secrets, what it may never do.

There is no sign-up, no sign-in by mail and no reset by mail: whoever loses everything gets a new link from the Leitung.
"""
