-- When the malware scanner was last asked again about a paper that it could not look at when the paper came: who asks takes it for some minutes.
ALTER TABLE documents ADD COLUMN scan_tried_at timestamptz;
CREATE INDEX documents_not_scanned ON documents (scan_tried_at NULLS FIRST, uploaded_at) WHERE scan_state = 'not_scanned';
