-- Events of before hold personal data in the clear, and reservations the names themselves. No release ever wrote such.
DO $$
BEGIN
    IF EXISTS (SELECT FROM reservation) OR EXISTS (SELECT FROM domain_event WHERE payload_type LIKE 'user.%') THEN
        RAISE EXCEPTION 'this database was made by a version of userstore that did not seal personal data, and cannot be used by this one: export the users with that version and import them into an empty database';
    END IF;
END
$$;

-- The key under which everything personal of one user is sealed, wrapped by the master key. There from the transaction that
-- creates the user until that which deletes the user.
CREATE TABLE user_key (
    user_id UUID PRIMARY KEY,
    -- A JWE; see docs/operations.md.
    wrapped TEXT NOT NULL,
    -- Which master key wraps it.
    master  TEXT NOT NULL
);

-- The store's own key, wrapped likewise: what reservations are digested with, and mails and access tokens sealed. One row.
CREATE TABLE store_key (
    id      SMALLINT PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    wrapped TEXT     NOT NULL,
    master  TEXT     NOT NULL
);
