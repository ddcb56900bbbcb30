-- Keys of owners, wrapped by a master key that is not here; `owner` is an HMAC. Beside them, under the name "sentinel", what
-- tells a wrong keyring from the right one.
CREATE TABLE owner_keys (
  owner   BLOB PRIMARY KEY,
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;
