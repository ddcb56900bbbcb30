-- The ledger's revision that the append of an entry made: who watches a ledger learns from it which changes were no
-- entries. 0: older than this column.
ALTER TABLE entries ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
