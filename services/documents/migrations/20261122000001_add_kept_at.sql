-- When benefits said that a file names the paper. A paper that no file ever names goes when the drafts' time is over.
ALTER TABLE documents ADD COLUMN kept_at timestamptz;
-- Which of the papers that are here already were sent, nobody has said: they stay.
UPDATE documents SET kept_at = uploaded_at;
CREATE INDEX documents_not_kept ON documents (uploaded_at) WHERE kept_at IS NULL;
