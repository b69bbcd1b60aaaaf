-- Sales with a reduction. Amounts are centimes that the platform computed. One sale stands per check and per partner's reference; a cancelled one
-- makes room.
CREATE TABLE redemptions (
    redemption_id     uuid PRIMARY KEY,
    verification_id   uuid NOT NULL,
    partner_id        uuid NOT NULL REFERENCES partners,
    client_id         text NOT NULL,
    agreement_id      uuid NOT NULL,
    agreement_version integer NOT NULL,
    offer_code        text NOT NULL,
    counter_code      text NOT NULL,
    person_id         uuid NOT NULL,
    partner_reference text NOT NULL,
    gross_centimes     bigint NOT NULL CHECK (gross_centimes > 0),
    reduction_centimes bigint NOT NULL CHECK (reduction_centimes >= 0 AND reduction_centimes <= gross_centimes),
    occurred_at       timestamptz NOT NULL,
    recorded_at       timestamptz NOT NULL,
    cancelled_at      timestamptz,
    version           bigint NOT NULL
);
CREATE UNIQUE INDEX redemptions_one_per_verification ON redemptions (verification_id) WHERE cancelled_at IS NULL;
CREATE UNIQUE INDEX redemptions_one_per_reference ON redemptions (partner_id, partner_reference) WHERE cancelled_at IS NULL;

-- Sales of a person by day, month and year of the agreement's limits; moved in the transaction of the sale, and only upwards to the limit.
CREATE TABLE redemption_counters (
    partner_id uuid NOT NULL,
    offer_code text NOT NULL,
    person_id  uuid NOT NULL,
    period     text NOT NULL,
    used       integer NOT NULL CHECK (used >= 0),
    PRIMARY KEY (partner_id, offer_code, person_id, period)
);
