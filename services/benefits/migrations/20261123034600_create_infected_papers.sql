-- Papers that documents found infected after it had taken them in: a receipt from before says nothing of it, and is believed no longer.
CREATE TABLE infected_papers (
    document_id uuid PRIMARY KEY,
    found_at    timestamptz NOT NULL
);
