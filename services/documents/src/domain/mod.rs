//! The rules of papers: classes, names, what is accepted and why not. Pure: bytes in, a verdict out.

pub(crate) mod class;
pub(crate) mod document;
pub(crate) mod file_name;
pub(crate) mod inspection;
pub(crate) mod refusal;
pub(crate) mod review;
