-- What the last imports wrote, in parts, so that it can be taken back.
CREATE TABLE imports (
  owner     BLOB NOT NULL,
  import_id BLOB NOT NULL,    -- random
  part      INTEGER NOT NULL,
  time      INTEGER NOT NULL, -- microseconds since the Unix epoch: when the import began
  sealed    BLOB NOT NULL,
  PRIMARY KEY (owner, import_id, part)
) STRICT, WITHOUT ROWID;
