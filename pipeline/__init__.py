"""pactline: from press releases to a ledger of cooperation between governments."""

__version__ = "0.1.0"
