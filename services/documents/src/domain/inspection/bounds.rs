//! How much a file may unpack to, decided from its own bytes before anything is unpacked: a file of two megabytes can
//! hold hundreds of streams that each unpack a thousandfold.

use super::Refusal;

/// All unpacked streams of a usual file together, in bytes.
const ALTOGETHER: usize = 64 * 1024 * 1024;
/// What real programs pack into one stream of objects fits in this.
const LEAST_FOR_ONE: usize = 64 * 1024;
const MOST_FOR_ONE: usize = 8 * 1024 * 1024;
/// A scanned paper has one or two streams a page.
const MOST_STREAMS: usize = 4096;

/// Bytes that each stream may unpack to. The word `stream` cannot be written in another way (names can be escaped, this
/// keyword cannot), so that counting it counts at least all of them.
pub(super) fn per_stream(content: &[u8]) -> Result<usize, Refusal> {
    let count = |word: &[u8]| {
        content
            .windows(word.len())
            .filter(|window| *window == word)
            .count()
    };
    // Each ending holds the word too.
    let streams = count(b"stream").saturating_sub(count(b"endstream"));
    if streams > MOST_STREAMS {
        return Err(Refusal::Damaged);
    }
    Ok((ALTOGETHER / streams.max(1)).clamp(LEAST_FOR_ONE, MOST_FOR_ONE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_streams_the_less_each_may_unpack_to() {
        assert_eq!(per_stream(b"stream x endstream"), Ok(MOST_FOR_ONE));
        let many = b"stream\nendstream\n".repeat(256);
        assert_eq!(per_stream(&many), Ok(ALTOGETHER / 256));
        let far_too_many = b"stream\nendstream\n".repeat(MOST_STREAMS + 1);
        assert_eq!(per_stream(&far_too_many), Err(Refusal::Damaged));
    }
}
