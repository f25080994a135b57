//! Digest and status as data, not text: counts, changes and lists that `render` puts into words.
