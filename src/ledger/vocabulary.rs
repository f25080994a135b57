//! Signs that the ledger reads.

/// What ends a sentence and no name.
pub(super) const SENTENCE_ENDS: [char; 6] = ['。', '；', '，', '.', ';', ','];
