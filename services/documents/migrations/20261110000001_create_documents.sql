-- Papers that were taken in. The content lies in the object store under `object`, sealed with a key of its own that stands here wrapped; the name
-- that the person's device gave is sealed with the same key.
CREATE TABLE documents (
    id             uuid PRIMARY KEY,
    owner          uuid NOT NULL,
    document_class text NOT NULL,
    file_name      bytea NOT NULL,
    media_type     text NOT NULL,
    size_bytes     bigint NOT NULL,
    pages          integer NOT NULL,
    sha256         bytea NOT NULL,
    scan_state     text NOT NULL CHECK (scan_state IN ('clean', 'not_scanned', 'infected')),
    object         text NOT NULL UNIQUE,
    wrapped_key    bytea NOT NULL,
    uploaded_at    timestamptz NOT NULL
);
CREATE INDEX documents_owner ON documents (owner, uploaded_at);
-- Who opened which paper, when and why.
CREATE TABLE access_log (
    document_id uuid NOT NULL,
    at          timestamptz NOT NULL,
    actor_kind  text NOT NULL,
    actor_id    text NOT NULL,
    reason      text NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('opened', 'refused'))
) PARTITION BY RANGE (at);
CREATE INDEX access_log_document ON access_log (document_id, at);
SELECT ensure_month_partitions('access_log', '2025-08-01', '2027-12-01');
