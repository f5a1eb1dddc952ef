"""The rules of ledgers and registers, with what each means and what a reader may do."""

from __future__ import annotations

from toolkit.clean.rows.findings import Rule, altered, duplicate, flagged, rejected

__all__ = ["LEDGER_RULES", "MILESTONE_RULES"]


def _days(column: str) -> tuple[Rule, ...]:
    return (
        altered(
            f"{column}_settled",
            column,
            "Read as the other rows of the column show: day or month first, or Excel's day number.",
        ),
        altered(f"{column}_time_dropped", column, "A time of day was dropped."),
        rejected(
            f"unreadable_{column}", column, "No date could be read. Correct it at the source."
        ),
        rejected(
            f"ambiguous_{column}",
            column,
            "May be several days, and no row of the column settles which. Say date_order= in "
            "Python, --date-order on the command line.",
        ),
    )


_SHARED = (
    altered("region_coded", "region", "The name of a place, put as its code of GB/T 2260."),
    altered("region_abolished", "region", "A division that was abolished, put as its successor."),
    flagged("missing_sector", "sector", "No sector is given; it stays missing."),
    duplicate(
        "repeated_row", "", "The same key and the same content once more; the first row is kept."
    ),
    rejected(
        "wrong_number_of_cells",
        "",
        "The row has more or fewer cells than there are headings, so that none can be trusted. "
        "Mend it at its source.",
    ),
    rejected("repeated_heading", "", "The headings once more, where tables were joined."),
    rejected("missing_region", "region", "No region is given."),
    rejected(
        "unknown_region",
        "region",
        "Not a place of the level asked. Correct the name at its source.",
    ),
    rejected("ambiguous_region", "region", "Can be several places. Write the code, or more of it."),
    rejected(
        "conflicting_rows",
        "",
        "The same key with different contents: none is taken. Find the right one, or give key= in "
        "Python, --key on the command line.",
    ),
)

LEDGER_RULES = (
    *_SHARED,
    *_days("date"),
    rejected("missing_date", "date", "No date is given."),
    rejected("date_not_a_day", "date", "A month, a quarter or a year; a loan is dated by its day."),
    rejected("date_after_observed_until", "date", "After the last day that the ledger covers."),
    altered("amount_scaled", "amount_cny", "Put into yuan from 万元, 亿元, million and the like."),
    altered("currency_converted", "amount_cny", "Put into yuan by the rate given."),
    altered("tier_named", "tier", "A word for a kind of lender, put as its one name."),
    flagged(
        "unit_conflict",
        "amount_cny",
        "The text says its own unit, which was used, not the heading's.",
    ),
    flagged(
        "unit_assumed", "amount_cny", "A currency without a scale; the heading's unit was used."
    ),
    flagged("bare_dollar", "amount_cny", "A bare $ was taken for the US dollar."),
    flagged("amount_is_about", "amount_cny", "The text says about; its number was taken."),
    flagged("zero_amount", "amount_cny", "A loan of nothing."),
    flagged(
        "ten_thousandfold",
        "amount_cny",
        "Some ten thousand times off the median of its sector and tier: a likely slip between 元 "
        "and 万元. Compare it with the contract.",
    ),
    rejected("missing_firm_id", "firm_id", "No firm is named."),
    rejected("missing_funder_id", "funder_id", "No lender is named, which is part of the key."),
    rejected("missing_loan_id", "loan_id", "No number of the loan, which is part of the key."),
    rejected("missing_tier", "tier", "No kind of lender is given."),
    rejected(
        "unknown_tier",
        "tier",
        "Not a kind of lender that is known. Say what it means: tiers= in Python, "
        "--tier WORD=KIND on the command line.",
    ),
    rejected("missing_amount", "amount_cny", "No amount is given. It is not zero."),
    rejected("not_an_amount", "amount_cny", "Text where money should stand."),
    rejected("ambiguous_amount", "amount_cny", "Can be several amounts. Correct it at the source."),
    rejected("amount_is_a_bound", "amount_cny", "A bound or a range, not one amount."),
    rejected(
        "no_rate",
        "amount_cny",
        "Money in another currency, without a rate. Give rates= in Python, "
        "--rate USD=7.1 on the command line.",
    ),
    rejected("negative_amount", "amount_cny", "Below zero; a repayment is no loan."),
)
"""Rules of a ledger."""


_PERIODS = {
    "start": "The start is known to the month, quarter or year alone; the middle of it stands for "
    "it.",
    "production": "Production is known to the month, quarter or year alone; the middle of it "
    "stands for it.",
    "exit": "The exit is known to the month, quarter or year alone; the middle of it stands for "
    "it.",
    "entered": "The entry is known to the month, quarter or year alone; the middle of it stands "
    "for it.",
    "observed_until": "The last day observed is known to the month, quarter or year alone; the "
    "last day of it stands for it.",
}

MILESTONE_RULES = (
    *_SHARED,
    *(rule for column in ("start", "production", "exit", "entered", "observed_until")
      for rule in _days(column)),
    *(flagged(f"{column}_not_a_day", column, meaning) for column, meaning in _PERIODS.items()),
    flagged(
        "production_not_yet",
        "production",
        "Words such as 未投产, 在建 or not yet in place of a date: no production so far.",
    ),
    flagged(
        "exit_not_yet",
        "exit",
        "Words such as 未退出, 否 or none in place of a date: no exit so far.",
    ),
    flagged(
        "production_after_observed_until",
        "production",
        "Production after the last day of observation, also planned: on that day the unit was "
        "still under way, and is censored there. The later date is left out.",
    ),
    flagged(
        "exit_after_observed_until",
        "exit",
        "Exit after the last day of observation: on that day the unit was still under way, and is "
        "censored there. The later date is left out.",
    ),
    flagged(
        "production_and_exit",
        "exit",
        "Left after it reached production; the spell ends with production.",
    ),
    rejected("missing_unit_id", "unit_id", "No firm or project is named."),
    rejected("missing_start", "start", "No start is given, from which time is counted."),
    rejected("no_end", "observed_until", "No last day of observation is given, nor one for all."),
    rejected(
        "date_after_observed_until", "start", "The start lies after the last day of observation."
    ),
    rejected("production_before_start", "production", "Production before the start."),
    rejected("exit_before_start", "exit", "Exit before the start."),
    rejected("exit_before_production", "exit", "Exit before production, which then never was."),
    rejected("entered_after_end", "entered", "Came under observation after the spell had ended."),
)  # fmt: skip
"""Rules of a register of milestones."""
