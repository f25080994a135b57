//! Talks on assigned items, on the stage.
