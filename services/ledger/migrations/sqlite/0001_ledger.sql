-- Owners, contacts, events and request ids stand here as keyed hashes or random ids; what is personal is in `sealed`.

-- One row an owner: the chain and its head, and the revision that counts changes. `erased`: 0 kept, 1 being erased, 2 gone;
-- the row itself stays as a tombstone.
CREATE TABLE ledgers (
  owner         BLOB PRIMARY KEY,
  tenant        BLOB NOT NULL,
  chain_id      BLOB NOT NULL,
  head_sequence INTEGER NOT NULL,
  head_hash     BLOB NOT NULL,
  revision      INTEGER NOT NULL,
  erased        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The entries, append-only but for `corrected_by`, which is no part of the chain.
CREATE TABLE entries (
  owner        BLOB NOT NULL,
  sequence     INTEGER NOT NULL,
  id           BLOB NOT NULL,
  day          INTEGER NOT NULL,
  record_time  INTEGER NOT NULL,
  hash         BLOB NOT NULL,
  corrected_by INTEGER,
  sealed       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_sequence ON entries (owner, sequence);
CREATE UNIQUE INDEX entries_by_id ON entries (owner, id);
CREATE INDEX entries_by_day ON entries (owner, day, sequence);

-- Who took part in which entry.
CREATE TABLE entry_contacts (
  owner    BLOB NOT NULL,
  contact  BLOB NOT NULL,
  day      INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (owner, contact, day, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
  owner    BLOB NOT NULL,
  request  BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (owner, request)
) STRICT, WITHOUT ROWID;

-- Entries that lie in the future and are not folded into their ties yet.
CREATE TABLE upcoming (
  owner    BLOB NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (owner, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE ties (
  owner   BLOB NOT NULL,
  contact BLOB NOT NULL,
  sealed  BLOB NOT NULL,
  PRIMARY KEY (owner, contact)
) STRICT, WITHOUT ROWID;

CREATE TABLE tie_days (
  owner   BLOB NOT NULL,
  contact BLOB NOT NULL,
  day     INTEGER NOT NULL,
  sealed  BLOB NOT NULL,
  PRIMARY KEY (owner, contact, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE promises (
  owner     BLOB NOT NULL,
  promise   BLOB NOT NULL,
  opened_by INTEGER NOT NULL,
  closed_by INTEGER,
  PRIMARY KEY (owner, promise)
) STRICT, WITHOUT ROWID;
CREATE INDEX promises_by_opening ON promises (owner, opened_by);
CREATE INDEX promises_by_closing ON promises (owner, closed_by) WHERE closed_by IS NOT NULL;

-- Calendar events that were imported, by UID and RECURRENCE-ID, and the entry each became.
CREATE TABLE events (
  owner     BLOB NOT NULL,
  event     BLOB NOT NULL,
  event_uid BLOB NOT NULL,
  sequence  INTEGER NOT NULL,
  sealed    BLOB NOT NULL,
  PRIMARY KEY (owner, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_uid ON events (owner, event_uid);

-- Coming meetings.
CREATE TABLE plans (
  owner     BLOB NOT NULL,
  id        BLOB NOT NULL,
  event_uid BLOB NOT NULL,
  day       INTEGER NOT NULL,
  sealed    BLOB NOT NULL,
  PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX plans_by_uid ON plans (owner, event_uid);
CREATE INDEX plans_by_day ON plans (owner, day);

-- The newest revision of each owner that the cache has not been told yet.
CREATE TABLE outbox (
  owner     BLOB PRIMARY KEY,
  cache_tag BLOB NOT NULL,
  revision  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
