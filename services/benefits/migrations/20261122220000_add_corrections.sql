-- What a member answers anew when asked, and has not sent, is no part of the file: the answers that were sent stay as they were examined until
-- the member sends the corrected ones, and stay for good when nobody waits any longer. Sealed like the answers.
ALTER TABLE applications ADD COLUMN correction bytea;

-- What was granted once, as one trip, is not granted again. A form says whether that holds for its requests; the row keeps it, so that the index
-- holds it at any moment. The one such benefit so far; of two that were granted before, neither: they were decided as they were.
ALTER TABLE applications ADD COLUMN granted_once boolean NOT NULL DEFAULT false;
UPDATE applications AS asked SET granted_once = true
WHERE benefit_code = 'air_transport_support' AND submitted_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM applications AS other
    WHERE other.open_request_key = asked.open_request_key AND other.application_id <> asked.application_id
      AND other.state IN ('submitted', 'in_review', 'information_requested', 'approved')
      AND asked.state IN ('submitted', 'in_review', 'information_requested', 'approved'));
CREATE UNIQUE INDEX applications_granted_once ON applications (open_request_key)
    WHERE granted_once AND state IN ('submitted', 'in_review', 'information_requested', 'approved');
