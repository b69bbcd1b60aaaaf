//! Tests over the whole platform; nothing is offered to anybody. `tests/tidy` reads the repository, `tests/permissions` walks the permission
//! table, `browser` follows the journeys in a real browser. What one service does alone is tested in that service.
