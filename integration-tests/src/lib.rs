//! Tests over the whole installation, and what these stand on: an installation of one test (`world`), its processes (`services`) and a person at
//! work in it (`member`). `tests/tidy` reads the repository, `tests/permissions` walks the permission table, `tests/platform` follows the main job
//! over all services, `tests/alerts` sees alerts fire at real faults, `tests/guides` and `browser` follow it as people see it. What one service does alone is tested in that service.

pub mod member;
pub mod services;
pub mod world;
