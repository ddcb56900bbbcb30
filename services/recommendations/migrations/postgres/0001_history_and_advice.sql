-- In clear stand the HMACs of the owner and of a recommendation's id, and the day that a row is about; all else is sealed.
-- Each transaction names its owners in the setting council.owners, and sees the rows of no others.

-- One row an owner, locked by whoever writes for them. `erased`: 1 makes it a tombstone, after which nothing is written.
CREATE TABLE owners (
  owner  bytea PRIMARY KEY,
  erased bigint NOT NULL DEFAULT 0
);

CREATE TABLE balance_points (
  owner  bytea NOT NULL,
  day    bigint NOT NULL, -- since 1970-01-01, UTC
  sealed bytea NOT NULL,
  PRIMARY KEY (owner, day)
);

CREATE TABLE given_recommendations (
  owner  bytea NOT NULL,
  id     bytea NOT NULL,
  day    bigint NOT NULL, -- on which it was first given, since 1970-01-01, UTC
  sealed bytea NOT NULL,
  PRIMARY KEY (owner, id)
);
CREATE INDEX given_recommendations_by_day ON given_recommendations (owner, day);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['owners', 'balance_points', 'given_recommendations'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owners ON %I USING (owner IN ('
                   'SELECT unnest(nullif(current_setting(''council.owners'', true), '''')::bytea[])))', name);
  END LOOP;
END
$$;
