-- What the ties of a tenant's people, taken together, say about how ties live on: a few coefficients, of no one's.
CREATE TABLE strength_models (
  tenant   BLOB PRIMARY KEY,
  fit_time INTEGER NOT NULL, -- microseconds since the Unix epoch
  model    BLOB NOT NULL     -- StoredStrengthModel
) STRICT, WITHOUT ROWID;
