-- Who called the service in an owner's name.
CREATE TABLE accesses (
  owner  bytea NOT NULL,
  time   bigint NOT NULL, -- microseconds since the Unix epoch: the hour
  id     bytea NOT NULL,  -- HMAC of method and client
  sealed bytea NOT NULL,
  PRIMARY KEY (owner, time, id)
);
ALTER TABLE accesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE accesses FORCE ROW LEVEL SECURITY;
CREATE POLICY owners ON accesses USING (owner IN (
  SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[])));
