-- Keys of owners, wrapped by a master key that is not here; `owner` is an HMAC. Generations count from 1; 0 with an empty key
-- says that the owner's keys were destroyed, and none is made again. Beside them, under the name "sentinel", what tells a wrong
-- keyring from the right one.
CREATE TABLE owner_keys (
  owner      BLOB NOT NULL,
  generation INTEGER NOT NULL,
  wrapped    BLOB NOT NULL,
  PRIMARY KEY (owner, generation)
) STRICT, WITHOUT ROWID;
