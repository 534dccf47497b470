"""Software for German Selbsthilfekontaktstellen: from one's own words to the right self-help group."""

__version__ = "0.1.0"
