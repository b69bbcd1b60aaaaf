-- Files that the version before handed back, or took in again, beside the filling of these columns and after it. What is right already is left
-- alone, so this may be run again: once more when the last process of the version before is gone.
WITH steps AS (
    SELECT record_id, action, at, lead(at) OVER (PARTITION BY record_id ORDER BY number) AS until
    FROM audit WHERE record_kind = 'application' AND action IN ('information_requested', 'resent', 'stopped_waiting')
), waited AS (
    SELECT record_id,
           sum(greatest((until AT TIME ZONE 'Africa/Casablanca')::date - (at AT TIME ZONE 'Africa/Casablanca')::date, 0))::integer AS days
    FROM steps WHERE action = 'information_requested' AND until IS NOT NULL GROUP BY record_id
)
UPDATE applications SET counted_from = (submitted_at AT TIME ZONE 'Africa/Casablanca' + waited.days * interval '1 day') AT TIME ZONE 'Africa/Casablanca'
FROM waited WHERE application_id = record_id
    AND (coalesce(counted_from, submitted_at) AT TIME ZONE 'Africa/Casablanca')::date
        < (submitted_at AT TIME ZONE 'Africa/Casablanca')::date + waited.days;

UPDATE applications SET stands_at_days = asked.age
FROM (
    SELECT record_id, greatest((max(at) AT TIME ZONE 'Africa/Casablanca')::date
        - (coalesce(counted_from, submitted_at) AT TIME ZONE 'Africa/Casablanca')::date, 0) AS age
    FROM audit JOIN applications ON application_id = record_id
    WHERE record_kind = 'application' AND action = 'information_requested' AND state = 'information_requested'
    GROUP BY record_id, counted_from, submitted_at
) AS asked
WHERE application_id = asked.record_id AND state = 'information_requested' AND stands_at_days IS DISTINCT FROM asked.age;
