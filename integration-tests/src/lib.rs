//! Tests over the whole installation; nothing is offered to anybody. `tests/tidy` reads the repository, `tests/permissions` walks the permission
//! table, `tests/platform` follows the main job over all services, `tests/guides` and `browser` follow it as people see it. What one service
//! does alone is tested in that service.
