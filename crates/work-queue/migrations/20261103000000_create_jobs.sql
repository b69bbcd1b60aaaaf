-- Due jobs of a service. This table owns payload, attempts and next time; the message broker only carries the id of a
-- job that is due, so whatever the broker loses is put in again from here. A dead job stays as a row until an operator
-- replays or removes it. No personal data stands in payload or last_error: ids only, and the class of the failure.
create table jobs (
    id           uuid primary key,
    queue        text        not null,
    payload      jsonb       not null,
    state        text        not null default 'queued' check (state in ('queued', 'running', 'done', 'dead')),
    due_at       timestamptz not null,
    attempts     integer     not null default 0 check (attempts >= 0),
    -- queued: until when the message is taken to be on its way; running: until when the worker may work undisturbed
    leased_until timestamptz,
    last_error   text,
    dedupe_key   text,
    traceparent  text,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    check (state <> 'running' or leased_until is not null)
);

-- One cause, one job: the event's id, or the like, is the key.
create unique index jobs_dedupe_key on jobs (queue, dedupe_key) where dedupe_key is not null;

-- What the dispatcher must look at next: due, lost on the way, or left behind by a worker that died.
create index jobs_next_look on jobs (queue, greatest(due_at, coalesce(leased_until, due_at))) where state in ('queued', 'running');

-- How many messages are on their way, for the dispatch window.
create index jobs_on_their_way on jobs (queue, leased_until) where state = 'queued' and leased_until is not null;

-- What an operator looks at, and what the purge removes.
create index jobs_settled on jobs (queue, state, updated_at) where state in ('done', 'dead');
