-- One more kind of message: a paper of an open request was found infected after it had been taken in.
ALTER TABLE messages
    DROP CONSTRAINT messages_kind_check,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN (
        'account_link', 'account_activated', 'desk_code_printed', 'password_replaced', 'agent_account_changed', 'application_submitted',
        'application_withdrawn', 'information_requested', 'waiting_ended', 'paper_infected', 'application_decided'));
