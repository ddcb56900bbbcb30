-- Keys of owners, wrapped by a master key that is not here; `owner` is an HMAC. Beside them, under the name "sentinel", what
-- tells a wrong keyring from the right one.
CREATE TABLE owner_keys (
  owner   bytea PRIMARY KEY,
  wrapped bytea NOT NULL
);
ALTER TABLE owner_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE owner_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY owners ON owner_keys
  USING (owner = ANY (ARRAY(SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[]))));
