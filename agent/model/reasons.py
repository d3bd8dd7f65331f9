"""Why an order is where it is. Every order has exactly one state, and every state but `transferred` a reason.

The codes are stable: they stand in journals, logs and mails. Cause and remedy of each, in Swedish and English, stand
in `agent/model/catalogue.py`.
"""

from enum import StrEnum


class OrderState(StrEnum):
    """The five states of the account proof: seen = transferred + waiting + excluded + held + dead."""

    TRANSFERRED = "transferred"
    WAITING = "waiting"
    EXCLUDED = "excluded"
    HELD = "held"
    DEAD = "dead"


class Reason(StrEnum):
    """A reason's code. The letter after `BRY-` is the state it goes with: Waiting, eXcluded, Held, Dead."""

    NOT_READ = "BRY-W01"
    STATUS_NOT_TRIGGER = "BRY-W02"
    IN_CHECKOUT = "BRY-W03"
    QUEUED = "BRY-W04"
    RETRY_DUE = "BRY-W05"
    OUTCOME_UNSURE = "BRY-W06"
    SHOP_FROZEN = "BRY-W07"

    EXCLUDED_BY_RULE = "BRY-X01"
    BEFORE_START = "BRY-X02"
    EXCLUDED_BY_HAND = "BRY-X03"
    GONE_FROM_SHOP = "BRY-X04"

    PACKAGE_LIMIT = "BRY-H01"
    ARTICLE_UNKNOWN = "BRY-H02"
    ARTICLE_INACTIVE = "BRY-H03"
    ARTICLE_MISSING = "BRY-H04"
    TOTAL_UNEXPLAINED = "BRY-H05"
    ROUNDING_ABOVE_LIMIT = "BRY-H06"
    VAT_CODE_MISSING = "BRY-H07"
    VAT_RATES_MIXED = "BRY-H08"
    CURRENCY_NOT_ALLOWED = "BRY-H09"
    GIFT_CARD_UNMAPPED = "BRY-H10"
    PAYMENT_METHOD_UNMAPPED = "BRY-H11"
    SHIPPING_METHOD_UNMAPPED = "BRY-H12"
    QUANTITY_DECIMALS = "BRY-H13"
    ORDER_EMPTY = "BRY-H14"
    REFUNDED_BEFORE_TRANSFER = "BRY-H15"
    PAYMENT_USED_TWICE = "BRY-H16"
    CUSTOMER_PROBABLE = "BRY-H17"
    CUSTOMER_AMBIGUOUS = "BRY-H18"
    CUSTOMER_NEW = "BRY-H19"
    CUSTOMER_INACTIVE = "BRY-H20"
    CREDIT_STOP = "BRY-H21"
    EXTERNAL_NO_TAKEN = "BRY-H22"
    ORDER_KEY_CHANGED = "BRY-H23"
    HELD_BY_RULE = "BRY-H24"
    REGISTER_VALUE_MISSING = "BRY-H25"
    HELD_BY_HAND = "BRY-H26"
    MARK_WITHOUT_DOCUMENT = "BRY-H27"
    RULE_FAILED = "BRY-H28"
    PLUGIN_HELD = "BRY-H29"

    MAMUT_REFUSED = "BRY-D01"
    MAMUT_GARBLED = "BRY-D02"
    ATTEMPTS_EXHAUSTED = "BRY-D03"
    ORDER_UNREADABLE = "BRY-D04"

    @property
    def state(self) -> OrderState:
        return _STATES[self.value[4]]


_STATES = {
    "W": OrderState.WAITING,
    "X": OrderState.EXCLUDED,
    "H": OrderState.HELD,
    "D": OrderState.DEAD,
}


class Fault(StrEnum):
    """What a person meets that is not about one order: connections (C), settings (S), the journal (J)."""

    SHOP_UNREACHABLE = "BRY-C01"
    SHOP_KEY_REFUSED = "BRY-C02"
    SHOP_KEY_WITHOUT_RIGHTS = "BRY-C03"
    SHOP_NOT_WOOCOMMERCE = "BRY-C04"
    SHOP_ANSWER_BROKEN = "BRY-C05"
    SHOP_CHANGED = "BRY-C06"
    SHOP_RESTORED = "BRY-C07"
    SHOP_STATUS_UNKNOWN = "BRY-C08"
    SHOP_CLOCK_WRONG = "BRY-C09"
    SHOP_FILTER_BROKEN = "BRY-C10"
    SHOP_REDIRECTS = "BRY-C11"
    CERTIFICATE_REFUSED = "BRY-C12"
    WEBHOOK_DISABLED = "BRY-C13"
    WEBHOOK_MISSING = "BRY-C14"
    WEBHOOK_NOT_SIGNED = "BRY-C15"
    WEBHOOKS_UNHEARD = "BRY-C16"
    MAMUT_UNREACHABLE = "BRY-C20"
    MAMUT_PASSWORD_WRONG = "BRY-C21"  # noqa: S105 - the name of a fault, not a password
    MAMUT_VERSION_EXPIRED = "BRY-C22"
    MAMUT_VERSION_EXPIRES_SOON = "BRY-C23"
    MAMUT_EDITION_TOO_LOW = "BRY-C24"
    MAMUT_API_MODULE_MISSING = "BRY-C25"
    MAMUT_COMPUTER_NOT_LICENSED = "BRY-C26"
    MAMUT_SESSION_TAKEN = "BRY-C27"
    MAMUT_MAINTENANCE = "BRY-C28"
    MAMUT_ANSWER_BROKEN = "BRY-C29"
    MAMUT_REGISTER_VALUE_MISSING = "BRY-C30"
    MAMUT_OTHER_COMPANY = "BRY-C31"

    SETTINGS_MISSING = "BRY-S01"
    SETTINGS_NOT_TOML = "BRY-S02"
    SETTINGS_KEY_UNKNOWN = "BRY-S03"
    SETTINGS_VALUE_WRONG = "BRY-S04"
    SETTINGS_NOT_IN_PACKAGE = "BRY-S05"
    SECRET_MISSING = "BRY-S06"  # noqa: S105 - the name of a fault, not a secret
    SECRETS_FILE_OPEN = "BRY-S07"
    SETTINGS_CONFLICT = "BRY-S08"
    SETTINGS_VALUE_MISSING = "BRY-S09"
    CONNECTION_UNENCRYPTED = "BRY-S10"
    SETTINGS_RISKY = "BRY-S11"
    SETTINGS_EXIST = "BRY-S12"

    JOURNAL_IN_USE = "BRY-J01"
    JOURNAL_NEWER = "BRY-J02"
    JOURNAL_DISK = "BRY-J03"
    JOURNAL_DAMAGED = "BRY-J04"
    DIRECTION_PARKED = "BRY-J05"
    ORDER_NOT_FOUND = "BRY-J06"
    JOURNAL_MISSING = "BRY-J07"
    TAPE_FOLDER = "BRY-J08"
    ARTICLE_NOT_FOUND = "BRY-J09"
