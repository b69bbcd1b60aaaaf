//! The bounds of the language, in one table. They keep a rule readable by the people who answer for it, and keep
//! every pass over it short and shallow, whatever text it is given. They are not settings: a rule that was accepted
//! once must be accepted everywhere.

/// Longest source text of one expression, in bytes.
pub const SOURCE_BYTES: usize = 4096;

/// Greatest height of an expression's tree. Every recursive pass (check, evaluate, print, drop) goes this deep at most.
pub const DEPTH: usize = 32;

/// Most brackets and signs open at one place of the text. It bounds the parser's own recursion before there is a tree
/// to measure; twice the depth, because printing may put one pair of parentheses around each level.
pub const NESTING: usize = 2 * DEPTH;

/// Most nodes in one expression: each literal, name, operator, list and call is one.
pub const NODES: usize = 512;

/// Most elements of a list, written in a rule or given as a fact.
pub const LIST_LENGTH: usize = 256;

/// Most arguments of a call.
pub const ARGUMENTS: usize = 16;

/// Steps that one expression may take when it is evaluated: a node is one, each element that `in` or `sum` looks at is one.
pub const STEPS: u32 = 20_000;

/// Longest text given as a fact or a setting, in bytes.
pub const TEXT_BYTES: usize = 1024;

/// Most values of one enumeration.
pub const ENUM_VALUES: usize = 128;

/// Most facts in a schema.
pub const FACTS: usize = 256;

/// Most settings, and most lookup tables, in one rule set.
pub const SETTINGS: usize = 64;

/// Most rows of one lookup table.
pub const TABLE_ROWS: usize = 256;

/// Most conditions in one rule set.
pub const CONDITIONS: usize = 64;

/// Most amount steps in one rule set.
pub const AMOUNT_STEPS: usize = 32;

/// Longest sentence or label shown to people, in bytes.
pub const SENTENCE_BYTES: usize = 1000;

/// Longest name of a fact, setting, table, condition or step, in bytes.
pub const NAME_BYTES: usize = 80;
