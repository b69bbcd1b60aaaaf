-- The days on which a file waits for its member are not the foundation's: lists are in the order of the days that are. Empty: nothing was waited for,
-- and the days are counted from the sending; so the version before may go on writing beside this one.
ALTER TABLE applications
    -- The instant of sending, later by the days waited.
    ADD COLUMN counted_from timestamptz,
    -- The age in days at which the clock stands while the file waits; read in that state alone.
    ADD COLUMN stands_at_days integer CHECK (stands_at_days >= 0);

-- What was waited before: acts are sealed, the trail has the same days in the clear.
WITH steps AS (
    SELECT record_id, action, at, lead(at) OVER (PARTITION BY record_id ORDER BY number) AS until
    FROM audit WHERE record_kind = 'application' AND action IN ('information_requested', 'resent', 'stopped_waiting')
), waited AS (
    SELECT record_id,
           sum(greatest((until AT TIME ZONE 'Africa/Casablanca')::date - (at AT TIME ZONE 'Africa/Casablanca')::date, 0)) AS days
    FROM steps WHERE action = 'information_requested' AND until IS NOT NULL GROUP BY record_id
)
UPDATE applications SET counted_from = submitted_at + waited.days * interval '24 hours'
FROM waited WHERE application_id = record_id AND waited.days > 0 AND submitted_at IS NOT NULL;

UPDATE applications SET stands_at_days = greatest(
    (asked.at AT TIME ZONE 'Africa/Casablanca')::date - (coalesce(counted_from, submitted_at) AT TIME ZONE 'Africa/Casablanca')::date, 0)
FROM (SELECT record_id, max(at) AS at FROM audit WHERE record_kind = 'application' AND action = 'information_requested' GROUP BY record_id) AS asked
WHERE application_id = asked.record_id AND state = 'information_requested';

-- In the new order; the version before sorts what it lists until it is gone.
CREATE INDEX applications_queue_counted ON applications (coalesce(counted_from, submitted_at), application_id)
    WHERE state IN ('submitted', 'in_review', 'information_requested');
CREATE INDEX applications_sent_counted ON applications (coalesce(counted_from, submitted_at), application_id) WHERE submitted_at IS NOT NULL;
DROP INDEX applications_queue, applications_sent;
