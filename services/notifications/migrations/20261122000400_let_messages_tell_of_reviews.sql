-- Two more kinds of message: an agent asked for a correction, an application was decided.
ALTER TABLE messages
    DROP CONSTRAINT messages_kind_check,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN (
        'account_link', 'account_activated', 'application_submitted', 'application_withdrawn', 'information_requested', 'application_decided'));
