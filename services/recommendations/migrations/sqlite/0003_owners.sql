-- One row an owner, locked by whoever writes for them. `erased`: 1 makes it a tombstone, after which nothing is written.
CREATE TABLE owners (
  owner BLOB NOT NULL PRIMARY KEY,
  erased INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

INSERT INTO owners (owner, erased) SELECT owner, 1 FROM erased_owners;
DROP TABLE erased_owners;
