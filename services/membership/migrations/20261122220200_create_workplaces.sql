-- Where members work and worked: a benefit may be judged by the workplace of an earlier day. The table of members keeps today's.
CREATE TABLE workplaces (
    member_id         uuid NOT NULL REFERENCES members,
    province_iso      text NOT NULL,
    external_services boolean NOT NULL,
    -- The first day; none for the one that was known first. Each holds until the next begins.
    valid_from        date,
    recorded_at       timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (member_id, valid_from)
);

INSERT INTO workplaces (member_id, province_iso, external_services, recorded_at)
SELECT member_id, province_iso, external_services, recorded_at FROM members;
