//! The house rules that a compiler cannot hold, read from the files of the repository: who may depend on whom, what a file starts with, how
//! long it is, which words and values never stand anywhere, and that texts name what exists. One rule per test; a failure lists every finding
//! and says what to do. Nothing is built, started or connected here, and nothing about behaviour is judged.

mod asyncapi;
mod data;
mod layering;
mod portal;
mod registry;
mod services;
mod sources;
mod texts;
mod tree;
