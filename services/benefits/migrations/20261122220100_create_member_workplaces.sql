-- Where members work and worked: a trip is judged by the workplace of its day, and a transfer since changes nothing about it. Replaced whole with
-- the member's facts, which keep today's workplace for the version before this one.
CREATE TABLE member_workplaces (
    member_id         uuid NOT NULL REFERENCES member_facts ON DELETE CASCADE,
    province_iso      text NOT NULL,
    external_services boolean NOT NULL,
    -- The first day; none for the one that was known first. Each holds until the next begins.
    valid_from        date,
    UNIQUE NULLS NOT DISTINCT (member_id, valid_from)
);
