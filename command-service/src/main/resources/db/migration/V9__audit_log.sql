-- The log of published events as a Merkle tree (RFC 9162): one leaf per event, in the order of publication, written in the
-- publisher's transaction.

-- The right edge of the tree, which is all that appending needs. One row, locked by whoever appends.
CREATE TABLE audit_tree (
    id            SMALLINT PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    size          BIGINT   NOT NULL,
    -- The largest position among the leaves, 0 before the first.
    last_position BIGINT   NOT NULL,
    frontier      BYTEA    NOT NULL,
    -- False until what was published before there was a tree is in it.
    complete      BOOLEAN  NOT NULL
);

INSERT INTO audit_tree (size, last_position, frontier, complete)
SELECT 0, 0, '', NOT EXISTS (SELECT FROM domain_event);

-- Positions have gaps, and an event that was committed late stands behind ones with larger positions.
CREATE TABLE audit_leaf (
    leaf_index BIGINT PRIMARY KEY,
    position   BIGINT NOT NULL,
    event_id   UUID   NOT NULL,
    hash       BYTEA  NOT NULL,
    CONSTRAINT audit_leaf_position UNIQUE (position)
);

CREATE INDEX audit_leaf_event ON audit_leaf (event_id);

-- Hashes of perfect subtrees, of every fourth level only: one per sixteen leaves.
CREATE TABLE audit_node (
    level      SMALLINT NOT NULL,
    node_index BIGINT   NOT NULL,
    hash       BYTEA    NOT NULL,
    PRIMARY KEY (level, node_index)
);

-- What was signed, for ever.
CREATE TABLE audit_head (
    tree_size     BIGINT      PRIMARY KEY,
    signed_at     TIMESTAMPTZ NOT NULL,
    origin        TEXT        NOT NULL,
    root_hash     BYTEA       NOT NULL,
    last_position BIGINT      NOT NULL,
    kid           TEXT        NOT NULL,
    signature     TEXT        NOT NULL
);
