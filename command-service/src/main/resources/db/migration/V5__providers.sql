-- An OAuth identity is unique per provider within an application: a row of the kind 'provider', its value
-- 'provider:client_id', kept exactly. A user has several of these, and still at most one address and one name.
ALTER TABLE reservation DROP CONSTRAINT reservation_kind_check;
ALTER TABLE reservation ADD CONSTRAINT reservation_kind_check CHECK (kind IN ('email', 'username', 'provider'));
ALTER TABLE reservation DROP CONSTRAINT reservation_pkey;
ALTER TABLE reservation ADD PRIMARY KEY (user_id, kind, value);
CREATE UNIQUE INDEX reservation_one_name ON reservation (user_id, kind) WHERE kind <> 'provider';
