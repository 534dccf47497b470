"""PostgreSQL as Django knows it, which is also told for which contact point each statement is made.

Django finds it by this package's name (`DATABASES["default"]["ENGINE"]`); what it is told: `privacy.scope`.
"""
