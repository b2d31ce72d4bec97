-- Requests that carry an Idempotency-Key, and their answers. Everything in it is derived from the key of the API that was
-- presented, or sealed under it: the table alone tells neither who asked nor what.
CREATE TABLE idempotency (
    id          TEXT        PRIMARY KEY,
    -- Of the request, to tell another one with the same Idempotency-Key.
    fingerprint TEXT        NOT NULL,
    -- Who carries it out, and for how long nobody else may take that over.
    owner       UUID        NOT NULL,
    lease_until TIMESTAMPTZ NOT NULL,
    -- Set in the transaction that appends the request's events.
    executed    BOOLEAN     NOT NULL DEFAULT false,
    answer      BYTEA,
    expires_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX idempotency_expires_at ON idempotency (expires_at);
