-- Owners, contacts, events and request ids stand here as keyed hashes or random ids; what is personal is in `sealed`.
-- Each transaction names its owners in the setting council.owners, and sees the rows of no others. The policies ask for them
-- with IN, which looks each row's owner up in a table made once a statement: `= ANY (…)` would become part of every look-up in
-- an index, at a cost that grows with the owners of a batch.

-- One row an owner: the chain and its head, and the revision that counts changes. `erased`: 0 kept, 1 being erased, 2 gone;
-- the row itself stays as a tombstone.
CREATE TABLE ledgers (
  owner         bytea PRIMARY KEY,
  tenant        bytea NOT NULL,
  chain_id      bytea NOT NULL,
  head_sequence bigint NOT NULL,
  head_hash     bytea NOT NULL,
  revision      bigint NOT NULL,
  erased        bigint NOT NULL DEFAULT 0
);

-- The entries, append-only but for `corrected_by`, which is no part of the chain. `revision` is the ledger's that the
-- append of the entry made.
CREATE TABLE entries (
  owner        bytea NOT NULL,
  sequence     bigint NOT NULL,
  id           bytea NOT NULL,
  day          bigint NOT NULL,
  record_time  bigint NOT NULL,
  hash         bytea NOT NULL,
  corrected_by bigint,
  revision     bigint NOT NULL,
  sealed       bytea NOT NULL,
  PRIMARY KEY (owner, sequence)
);
CREATE UNIQUE INDEX entries_by_id ON entries (owner, id);
CREATE INDEX entries_by_day ON entries (owner, day, sequence);

-- Who took part in which entry.
CREATE TABLE entry_contacts (
  owner    bytea NOT NULL,
  contact  bytea NOT NULL,
  day      bigint NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (owner, contact, day, sequence)
);

CREATE TABLE requests (
  owner    bytea NOT NULL,
  request  bytea NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (owner, request)
);

-- Entries that lie in the future and are not folded into their ties yet.
CREATE TABLE upcoming (
  owner    bytea NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (owner, sequence)
);

CREATE TABLE ties (
  owner   bytea NOT NULL,
  contact bytea NOT NULL,
  sealed  bytea NOT NULL,
  PRIMARY KEY (owner, contact)
);

CREATE TABLE tie_days (
  owner   bytea NOT NULL,
  contact bytea NOT NULL,
  day     bigint NOT NULL,
  sealed  bytea NOT NULL,
  PRIMARY KEY (owner, contact, day)
);

CREATE TABLE promises (
  owner     bytea NOT NULL,
  promise   bytea NOT NULL,
  opened_by bigint NOT NULL,
  closed_by bigint,
  PRIMARY KEY (owner, promise)
);

-- Calendar events that were imported, by UID and RECURRENCE-ID, and the entry each became.
CREATE TABLE events (
  owner     bytea NOT NULL,
  event     bytea NOT NULL,
  event_uid bytea NOT NULL,
  sequence  bigint NOT NULL,
  sealed    bytea NOT NULL,
  PRIMARY KEY (owner, event)
);
CREATE INDEX events_by_uid ON events (owner, event_uid);

-- Coming meetings.
CREATE TABLE plans (
  owner     bytea NOT NULL,
  id        bytea NOT NULL,
  event_uid bytea NOT NULL,
  day       bigint NOT NULL,
  sealed    bytea NOT NULL,
  PRIMARY KEY (owner, id)
);
CREATE INDEX plans_by_uid ON plans (owner, event_uid);
CREATE INDEX plans_by_day ON plans (owner, day);

-- The newest revision of each owner that the cache has not been told yet.
CREATE TABLE outbox (
  owner     bytea PRIMARY KEY,
  cache_tag bytea NOT NULL,
  revision  bigint NOT NULL
);

-- Owners whose rows are being erased: what was interrupted goes on when a service starts.
CREATE TABLE erasures (
  owner bytea PRIMARY KEY
);

-- The role that made a table is held too, by FORCE; but for the last two, of which functions of that role tell the
-- service what it does not see by itself.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ledgers', 'entries', 'entry_contacts', 'requests', 'upcoming', 'ties', 'tie_days', 'promises',
                              'events', 'plans', 'outbox', 'erasures'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    IF name NOT IN ('outbox', 'erasures') THEN
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END IF;
    EXECUTE format('CREATE POLICY owners ON %I USING (owner IN ('
                   'SELECT unnest(nullif(current_setting(''council.owners'', true), '''')::bytea[])))', name);
  END LOOP;
END
$$;

CREATE FUNCTION pending_outbox(most bigint) RETURNS TABLE (owner bytea, cache_tag bytea, revision bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
  SELECT o.owner, o.cache_tag, o.revision FROM outbox o LIMIT most
$$;

CREATE FUNCTION remove_outbox(owners bytea[], revisions bigint[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
  -- A row that somebody holds is being made newer, or removed by another copy's relay.
  WITH told AS MATERIALIZED (
    SELECT o.owner FROM outbox o JOIN unnest(owners, revisions) AS t (owner, revision)
      ON o.owner = t.owner AND o.revision = t.revision
    FOR UPDATE OF o SKIP LOCKED
  )
  DELETE FROM outbox o USING told WHERE o.owner = told.owner
$$;

CREATE FUNCTION unfinished_erasures() RETURNS TABLE (owner bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
  SELECT e.owner FROM erasures e
$$;
