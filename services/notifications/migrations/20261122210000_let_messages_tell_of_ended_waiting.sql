-- One more kind of message: nobody waits any longer for the member's answer.
ALTER TABLE messages
    DROP CONSTRAINT messages_kind_check,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN (
        'account_link', 'account_activated', 'application_submitted', 'application_withdrawn', 'information_requested', 'waiting_ended',
        'application_decided'));
