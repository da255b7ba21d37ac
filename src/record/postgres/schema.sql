-- The records of a clinic on a server. Run once, by `found`, as the owner of the database.
-- Every blob is sealed before it comes here: the server sees ids, numbers, lengths, and when a passphrase was tried in vain.
CREATE SCHEMA pistor;
SET LOCAL search_path = pistor;

CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE slot (kind text PRIMARY KEY, body text NOT NULL);
CREATE TABLE knock (at text NOT NULL);
CREATE TABLE record (
    -- In the order of saving: only one transaction writes at a time.
    line bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    id text NOT NULL,
    version bigint NOT NULL,
    card bytea NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE TABLE audit (seq bigint PRIMARY KEY, entry bytea NOT NULL, chain bytea NOT NULL);
CREATE TABLE tombstone (id text PRIMARY KEY, body bytea NOT NULL);

CREATE FUNCTION next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM pistor.record WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM pistor.tombstone WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'versions follow each other';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION next_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM pistor.audit) THEN
        RAISE EXCEPTION 'entries follow each other';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records and the audit trail are never changed';
END $$;

CREATE TRIGGER record_next BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION next_version();
CREATE TRIGGER record_never BEFORE UPDATE OR DELETE OR TRUNCATE ON record EXECUTE FUNCTION never();
CREATE TRIGGER audit_next BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION next_entry();
CREATE TRIGGER audit_never BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION never();

-- What a room may do: read, add, and tell of passphrases tried in vain. Nothing else.
GRANT USAGE ON SCHEMA pistor TO pistor_room;
GRANT SELECT ON ALL TABLES IN SCHEMA pistor TO pistor_room;
GRANT INSERT ON record, audit, knock TO pistor_room;
GRANT DELETE ON knock TO pistor_room;
