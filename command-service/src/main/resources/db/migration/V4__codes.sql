-- Whose a code is (verification, confirmation, password reset). Of the code itself only the SHA-256 is kept.
CREATE TABLE code (
    code_hash   TEXT        PRIMARY KEY,
    application TEXT        NOT NULL,
    user_id     UUID        NOT NULL,
    purpose     TEXT        NOT NULL CHECK (purpose IN ('verification', 'confirmation', 'password_reset')),
    expires_at  TIMESTAMPTZ NOT NULL,
    -- When it was used, or became void because of a later one. Such rows stay for a while, to be told from codes that
    -- never were.
    closed_at   TIMESTAMPTZ
);
CREATE INDEX code_user ON code (user_id);
CREATE INDEX code_expiry ON code (expires_at);

-- Mails that have to be sent: written in the transaction of the event that asks for one. At most one of a kind for each
-- user, since a later one makes the code of the one before void.
CREATE TABLE mail (
    user_id     UUID        NOT NULL,
    kind        TEXT        NOT NULL,
    application TEXT        NOT NULL,
    -- Of this mail and no other: also its Message-ID, by which a mail sent twice is known.
    id          UUID        NOT NULL,
    -- What it says, sealed with the master key.
    content     TEXT        NOT NULL,
    -- The code that it holds, sealed likewise; gone once the mail is sent.
    code        TEXT,
    attempts    INTEGER     NOT NULL DEFAULT 0,
    asked_at    TIMESTAMPTZ NOT NULL DEFAULT now(),
    -- When it is to be tried next; null for one that is sent and kept to be sent again.
    due_at      TIMESTAMPTZ,
    PRIMARY KEY (user_id, kind)
);
CREATE INDEX mail_due ON mail (due_at) WHERE due_at IS NOT NULL;
