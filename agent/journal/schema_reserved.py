"""The index of orders whose reserved money is about to expire, or has: nothing else leads to them once nothing is to be
done with the order itself."""

from __future__ import annotations

RESERVED = """
    CREATE INDEX documents_reserved ON documents (shop, code, changed_ms) WHERE capture IN ('expiring', 'expired');
"""
