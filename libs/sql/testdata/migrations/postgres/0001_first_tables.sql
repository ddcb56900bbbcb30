CREATE TABLE note (
  owner bytea NOT NULL,
  id    bigint NOT NULL,
  body  text NOT NULL DEFAULT 'a;b"c[d]',
  bytes bytea,
  value double precision,
  PRIMARY KEY (owner, id)
);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY owners ON note
  USING (owner = ANY (ARRAY(SELECT unnest(nullif(current_setting('council.owners', true), '')::bytea[]))));
