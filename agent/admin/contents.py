"""All pages of the admin. A new one adds a line to each of these lists."""

from __future__ import annotations

from agent.admin import (
    pages_access,
    pages_account,
    pages_acts,
    pages_attention,
    pages_live,
    pages_metrics,
    pages_order,
    pages_orders,
    pages_overview,
    pages_prices,
    pages_rules,
    pages_schedule,
    pages_settings,
    pages_setup,
    pages_shops,
    pages_stock,
    pages_subscription,
    pages_users,
    words_account,
    words_acts,
    words_attention,
    words_common,
    words_orders,
    words_overview,
    words_prices,
    words_rules,
    words_schedule,
    words_settings,
    words_setup,
    words_shops,
    words_stock,
    words_subscription,
    words_users,
)
from agent.admin.door import AdminRoute
from agent.admin.house import MenuEntry
from agent.admin.live import Piece
from agent.admin.text import gathered
from agent.model.words import Words

ROUTES: tuple[AdminRoute, ...] = (
    *pages_access.ROUTES,
    *pages_overview.ROUTES,
    *pages_attention.ROUTES,
    *pages_orders.ROUTES,
    *pages_order.ROUTES,
    *pages_account.ROUTES,
    *pages_acts.ROUTES,
    *pages_prices.ROUTES,
    *pages_schedule.ROUTES,
    *pages_rules.ROUTES,
    *pages_settings.ROUTES,
    *pages_setup.ROUTES,
    *pages_shops.ROUTES,
    *pages_stock.ROUTES,
    *pages_subscription.ROUTES,
    *pages_users.ROUTES,
    *pages_live.ROUTES,
    *pages_metrics.ROUTES,
)

MENU: tuple[MenuEntry, ...] = (
    *pages_overview.MENU,
    *pages_attention.MENU,
    *pages_orders.MENU,
    *pages_account.MENU,
    *pages_acts.MENU,
    *pages_prices.MENU,
    *pages_schedule.MENU,
    *pages_rules.MENU,
    *pages_settings.MENU,
    *pages_setup.MENU,
    *pages_shops.MENU,
    *pages_stock.MENU,
    *pages_subscription.MENU,
    *pages_users.MENU,
)

LIVE: tuple[Piece, ...] = (*pages_overview.LIVE,)

TEXTS: dict[str, Words] = gathered(
    {
        "frame": words_common.FRAME,
        "access": words_common.ACCESS,
        "said": words_common.SAID,
        "overview": words_overview.WORDS,
        "attention": words_attention.WORDS,
        "orders": words_orders.LIST,
        "order": words_orders.ONE,
        "account": words_account.WORDS,
        "acts": words_acts.WORDS,
        "prices": words_prices.WORDS,
        "schedule": words_schedule.WORDS,
        "rules": words_rules.WORDS,
        "tables": words_rules.TABLES,
        "trial": words_rules.TRIAL,
        "settings": words_settings.WORDS,
        "setup": words_setup.WORDS,
        "shops": words_shops.WORDS,
        "stock": words_stock.WORDS,
        "subscription": words_subscription.WORDS,
        "users": words_users.WORDS,
    }
)
