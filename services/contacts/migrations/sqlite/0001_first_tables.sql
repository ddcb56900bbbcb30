-- What stands here in clear, and no more: HMACs of owner and tenant, random ids, revisions, times of writing, equality indexes
-- as HMAC (vCard UID, request_id), and the outbox. All else is in the column `sealed`.

CREATE TABLE owners (
  owner BLOB PRIMARY KEY,
  tenant BLOB NOT NULL,
  revision INTEGER NOT NULL,
  contacts INTEGER NOT NULL DEFAULT 0,
  acquaintances INTEGER NOT NULL DEFAULT 0,
  erased INTEGER NOT NULL DEFAULT 0 -- 1: the owner's tombstone; nothing is written for them any more
) WITHOUT ROWID;

CREATE TABLE contacts (
  owner BLOB NOT NULL,
  id BLOB NOT NULL,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, id)
) WITHOUT ROWID;

CREATE TABLE vcard_uids (
  owner BLOB NOT NULL,
  uid_hash BLOB NOT NULL,
  contact_id BLOB NOT NULL,
  PRIMARY KEY (owner, uid_hash)
) WITHOUT ROWID;
CREATE INDEX vcard_uids_by_contact ON vcard_uids (owner, contact_id);

-- Ids of contacts that were merged into others, and of contacts that were erased (contact_id NULL).
CREATE TABLE former_ids (
  owner BLOB NOT NULL,
  former_id BLOB NOT NULL,
  contact_id BLOB,
  PRIMARY KEY (owner, former_id)
) WITHOUT ROWID;
CREATE INDEX former_ids_by_contact ON former_ids (owner, contact_id);

CREATE TABLE seats (
  owner BLOB NOT NULL,
  contact_id BLOB NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, contact_id)
) WITHOUT ROWID;

CREATE TABLE acquaintances (
  owner BLOB NOT NULL,
  contact_id BLOB NOT NULL,
  other_contact_id BLOB NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, contact_id, other_contact_id)
) WITHOUT ROWID;
CREATE INDEX acquaintances_by_other ON acquaintances (owner, other_contact_id);

CREATE TABLE settings (
  owner BLOB PRIMARY KEY,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE requests (
  owner BLOB NOT NULL,
  request_hash BLOB NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, request_hash)
) WITHOUT ROWID;

CREATE TABLE accesses (
  owner BLOB NOT NULL,
  time INTEGER NOT NULL, -- microseconds since the Unix epoch: the hour of reads, the moment of a write
  id BLOB NOT NULL,      -- HMAC of method, client and, for a write, revision
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner, time, id)
) WITHOUT ROWID;

CREATE TABLE outbox (
  owner BLOB PRIMARY KEY,
  cache_tag BLOB NOT NULL,
  revision INTEGER NOT NULL
) WITHOUT ROWID;
