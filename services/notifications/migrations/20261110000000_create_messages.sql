-- Messages to people, and what became of each. A message never names an illness, a benefit or a request number; it holds
-- no address: the mailer asks the owner of the address at the moment of sending.
CREATE TABLE messages (
    id             uuid PRIMARY KEY,
    -- One cause, one message.
    event_id       uuid        NOT NULL UNIQUE,
    kind           text        NOT NULL CHECK (kind IN ('account_link', 'account_activated', 'application_submitted', 'application_withdrawn')),
    -- Who reads it in the inbox; a link to open an account has no reader yet, identity knows whom its delivery is for.
    member_id      uuid,
    delivery_id    uuid,
    application_id uuid,
    title_ar       text        NOT NULL,
    title_fr       text        NOT NULL,
    body_ar        text        NOT NULL,
    body_fr        text        NOT NULL,
    -- When what it tells happened.
    created_at     timestamptz NOT NULL,
    read_at        timestamptz,
    email_state    text        NOT NULL CHECK (email_state IN ('accepted', 'tried', 'delivered_to_smtp', 'dropped', 'dead')),
    CHECK ((kind = 'account_link') = (delivery_id IS NOT NULL)),
    CHECK ((kind = 'account_link') = (member_id IS NULL))
);

CREATE INDEX messages_inbox ON messages (member_id, created_at DESC, id DESC) WHERE member_id IS NOT NULL;
CREATE INDEX messages_unread ON messages (member_id) WHERE member_id IS NOT NULL AND read_at IS NULL;
-- What an operator looks for.
CREATE INDEX messages_dead ON messages (created_at) WHERE email_state = 'dead';

-- The trace of each message: accepted, tried, delivered to the mail server, dropped, dead, read. Append only.
CREATE TABLE message_trace (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id uuid        NOT NULL REFERENCES messages (id),
    at         timestamptz NOT NULL,
    step       text        NOT NULL CHECK (step IN ('accepted', 'tried', 'failed', 'delivered_to_smtp', 'dropped', 'dead', 'read')),
    -- Which attempt, for tried, failed and delivered.
    attempt    integer,
    -- A fixed word that says why, for failed, dropped and dead.
    reason     text
);

CREATE INDEX message_trace_of_message ON message_trace (message_id, id);
