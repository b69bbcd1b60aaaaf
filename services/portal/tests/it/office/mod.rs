//! The agents' space on the doubles: who gets in, what each duty sees, what a form that cannot be taken keeps.

mod accounts;
mod desk;
mod files;
mod forms;
mod papers;
mod queues;
mod second_factor;
mod trail;
