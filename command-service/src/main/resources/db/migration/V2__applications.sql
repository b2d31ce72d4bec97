-- The applications by name; what each is made of stands in its events. "default" is there without one.
CREATE TABLE application (
    name TEXT COLLATE "C" PRIMARY KEY
);
INSERT INTO application (name) VALUES ('default');

-- What the valid keys grant, written in the transaction of the append; digests, never keys.
CREATE TABLE api_key (
    id          TEXT PRIMARY KEY,
    application TEXT NOT NULL,
    digest      TEXT NOT NULL UNIQUE,
    -- Names with a space between.
    permissions TEXT NOT NULL,
    -- Of a key that has been rotated.
    expires_at  TIMESTAMPTZ
);
CREATE INDEX api_key_expires_at ON api_key (expires_at) WHERE expires_at IS NOT NULL;

-- Grows with every change of api_key, in its transaction: what instances look at to learn of each other's changes. One row,
-- and so one change at a time.
CREATE TABLE api_key_change (
    counter BIGINT NOT NULL
);
INSERT INTO api_key_change (counter) VALUES (0);
