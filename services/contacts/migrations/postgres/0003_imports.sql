-- What the last imports wrote, in parts, so that it can be taken back.
CREATE TABLE imports (
  owner     bytea NOT NULL,
  import_id bytea NOT NULL,  -- random
  part      bigint NOT NULL,
  time      bigint NOT NULL, -- microseconds since the Unix epoch: when the import began
  sealed    bytea NOT NULL,
  PRIMARY KEY (owner, import_id, part)
);
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE imports FORCE ROW LEVEL SECURITY;
CREATE POLICY owners ON imports USING (owner IN (
  SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[])));
