-- In clear stand the HMAC of the owner and the day that a point is about; all else is sealed.
CREATE TABLE balance_points (
  owner BLOB NOT NULL,
  day INTEGER NOT NULL, -- since 1970-01-01, UTC
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, day)
) WITHOUT ROWID;

CREATE TABLE erased_owners (
  owner BLOB NOT NULL PRIMARY KEY
) WITHOUT ROWID;
