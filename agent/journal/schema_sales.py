"""What the figure of stock knows of each order's pieces."""

SALES = """
    -- pieces of the row that Mamut's figure surely knows of; a row counts while it has sold more than those
    ALTER TABLE sold ADD COLUMN booked TEXT NOT NULL DEFAULT '0';
    UPDATE sold SET booked = qty WHERE counts = 0 AND EXISTS (
        SELECT 1 FROM orders o WHERE o.shop = sold.shop AND o.order_id = sold.order_id AND o.state = 'transferred'
    );
"""
