-- Owners whose rows are being erased: what was interrupted goes on when the storage is opened.
CREATE TABLE erasures (
  owner BLOB PRIMARY KEY
) WITHOUT ROWID;

-- Contacts who were erased: random ids, by which an erasure that a restore undid is known.
CREATE TABLE erased_contacts (
  owner BLOB NOT NULL,
  contact BLOB NOT NULL,
  PRIMARY KEY (owner, contact)
) WITHOUT ROWID;
