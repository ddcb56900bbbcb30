-- Owners whose rows are being erased: what was interrupted goes on when the storage is opened.
CREATE TABLE erasures (
  owner BLOB PRIMARY KEY
) WITHOUT ROWID;
