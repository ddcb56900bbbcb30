-- Who called the service in an owner's name.
CREATE TABLE accesses (
  owner  BLOB NOT NULL,
  time   INTEGER NOT NULL, -- microseconds since the Unix epoch: the hour
  id     BLOB NOT NULL,    -- HMAC of method and client
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, time, id)
) WITHOUT ROWID;
