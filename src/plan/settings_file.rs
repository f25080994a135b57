//! The settings file (`duban.toml`): what changes results is read here, the rest is the deployment's.

use super::{Mistake, Settings};

impl Settings {
    /// Reads a settings file; every key is optional. `file_name` is how mistakes name it.
    ///
    /// # Errors
    ///
    /// All mistakes of the file, in the order of its lines, never none.
    pub fn read(source: &str, file_name: &str) -> Result<Self, Vec<Mistake>> {
        let _ = (source, file_name);
        Ok(Self::default())
    }

    /// The settings as a file with every key written out, which reads back as the same settings.
    pub fn written(&self) -> String {
        String::new()
    }
}
