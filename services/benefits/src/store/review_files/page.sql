-- One page of a queue, the longest waiting first: `review_files::page`. A test asks Postgres by which index it is read.
SELECT application_id, member_id, benefit_code, state, version, request_code AS "request_code!", request_year AS "request_year!",
       request_sequence AS "request_sequence!", submitted_at AS "submitted_at!", assigned_to, assigned_at,
       coalesce(counted_from, submitted_at) AS "counted_from!",
       CASE WHEN state = 'information_requested' THEN stands_at_days END AS stands_at,
       EXISTS (SELECT FROM member_facts WHERE member_facts.member_id = applications.member_id AND death_date IS NOT NULL)
           AS "member_died!",
       CASE WHEN state IN ('submitted', 'in_review', 'information_requested') THEN coalesce(review_step, 'medical_opinion') END AS step
FROM applications
WHERE submitted_at IS NOT NULL
  AND ($1::text[] IS NULL OR (state IN ('submitted', 'in_review', 'information_requested')
       AND coalesce(review_step, 'medical_opinion') = ANY($1) AND (state = 'information_requested') = $2))
  AND ($3::text[] IS NULL OR benefit_code = ANY($3))
  AND (NOT $4 OR assigned_to IS NULL) AND ($5::uuid IS NULL OR assigned_to = $5)
  AND ($6::text IS NULL OR (request_code, request_year, request_sequence) = ($6, $7, $8))
  AND ($9::timestamptz IS NULL OR CASE WHEN state = 'information_requested' AND stands_at_days IS NOT NULL
       THEN stands_at_days >= $15::integer ELSE coalesce(counted_from, submitted_at) < $9 END)
  AND NOT member_id = ANY($10)
  AND ($11::timestamptz IS NULL OR (coalesce(counted_from, submitted_at), application_id) > ($11, $12))
  AND ($14::uuid[] IS NULL OR application_id = ANY($14))
ORDER BY coalesce(counted_from, submitted_at), application_id LIMIT $13
