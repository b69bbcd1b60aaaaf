-- What was answered to a partner's request with an Idempotency-Key: the same key of the same client on the same route gets the same answer again
-- for 72 hours. Written in the transaction of the work, so that only what was done is kept.
CREATE TABLE partner_requests (
    client_id    text NOT NULL,
    route        text NOT NULL,
    key          text NOT NULL,
    request_hash bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    answer       text,
    PRIMARY KEY (client_id, route, key)
);
CREATE INDEX partner_requests_by_age ON partner_requests (created_at);
