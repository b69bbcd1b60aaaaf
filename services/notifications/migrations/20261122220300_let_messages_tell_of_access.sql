-- Three more kinds of message: the desk printed a code, a password was replaced by one, an agent's account was changed. The last one is mailed to an
-- address that identity holds, as a link is, and stands in no inbox.
ALTER TABLE messages
    DROP CONSTRAINT messages_kind_check,
    DROP CONSTRAINT messages_check,
    DROP CONSTRAINT messages_check1,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN (
        'account_link', 'account_activated', 'desk_code_printed', 'password_replaced', 'agent_account_changed', 'application_submitted',
        'application_withdrawn', 'information_requested', 'waiting_ended', 'application_decided')),
    ADD CONSTRAINT messages_mailed_by_delivery CHECK ((kind IN ('account_link', 'agent_account_changed')) = (delivery_id IS NOT NULL)),
    ADD CONSTRAINT messages_read_by_member CHECK ((kind IN ('account_link', 'agent_account_changed')) = (member_id IS NULL));
