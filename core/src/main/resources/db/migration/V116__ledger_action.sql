-- Insights read the entries of some actions out of many.
create index ledger_entry_action on ledger_entry (action, idx);
