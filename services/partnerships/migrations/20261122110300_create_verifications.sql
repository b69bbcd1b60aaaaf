-- Each check of a card with its answer: what the member sees of it, and what a sale refers to. A check of a code that nobody was given has no
-- person. The reason is for the member alone. Forgotten after 90 days.
CREATE TABLE verifications (
    verification_id   uuid PRIMARY KEY,
    at                timestamptz NOT NULL,
    partner_id        uuid NOT NULL,
    client_id         text NOT NULL,
    agreement_id      uuid NOT NULL,
    agreement_version integer NOT NULL,
    offer_code        text NOT NULL,
    counter_code      text NOT NULL,
    member_id         uuid,
    person_id         uuid,
    category          text CHECK (category IN ('member', 'spouse', 'child')),
    refusal           text,
    percent           integer NOT NULL,
    valid_until       timestamptz NOT NULL,
    CHECK ((member_id IS NULL) = (person_id IS NULL) AND (member_id IS NULL) = (category IS NULL)),
    CHECK (member_id IS NOT NULL OR refusal IS NOT NULL)
);
CREATE INDEX verifications_of_member ON verifications (member_id, at DESC, verification_id DESC) WHERE member_id IS NOT NULL;
