//! The service's queue and its handler; the queue's numbers stand in one table with the others, [`work_queue::table`].

pub(crate) mod send_email;

pub(crate) use work_queue::table::EMAIL;
