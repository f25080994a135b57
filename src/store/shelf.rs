//! The shelf: files of evidence on the disk, one folder a task force, each under the SHA-256 of its content.
//!
//! No name from outside becomes a path: a file is called by its hash alone, and by what the ledger holds of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::plan::{Hash, TaskForceId};

/// What is still being written begins so; no hash does.
const DRAFT: &str = ".draft-";

/// The folder of evidence.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
}

/// A file that is being written: gone when it is dropped, until it is kept.
#[derive(Debug)]
pub struct Draft {
    file: NamedTempFile,
    hash: Sha256,
    size: u64,
    folder: PathBuf,
}

impl Shelf {
    /// A shelf in this folder, which is made when the first file comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Begins a file.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub fn begin(&self, task_force: &TaskForceId) -> io::Result<Draft> {
        let folder = self.folder_of(task_force);
        fs::create_dir_all(&folder)?;
        let file = tempfile::Builder::new()
            .prefix(DRAFT)
            .tempfile_in(&folder)?;
        Ok(Draft {
            file,
            hash: Sha256::new(),
            size: 0,
            folder,
        })
    }

    /// Opens a kept file to be read.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn open(&self, task_force: &TaskForceId, sha256: Hash) -> io::Result<File> {
        File::open(self.path(task_force, sha256))
    }

    /// Removes a kept file; false when there was none.
    ///
    /// # Errors
    /// It is there and cannot be removed.
    pub fn remove(&self, task_force: &TaskForceId, sha256: Hash) -> io::Result<bool> {
        match fs::remove_file(self.path(task_force, sha256)) {
            Ok(()) => sync(&self.folder_of(task_force)).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes what was begun before that moment and never kept, as after a kill. Returns how many there were.
    ///
    /// # Errors
    /// A folder cannot be read, or a file in it not be removed.
    pub fn clear_drafts(&self, task_force: &TaskForceId, before: SystemTime) -> io::Result<usize> {
        let files = match fs::read_dir(self.folder_of(task_force)) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        let mut cleared = 0;
        for file in files {
            let file = file?;
            let is_draft = file.file_name().to_string_lossy().starts_with(DRAFT);
            if is_draft && file.metadata()?.modified()? < before {
                fs::remove_file(file.path())?;
                cleared += 1;
            }
        }
        Ok(cleared)
    }

    /// Where a file lies.
    pub fn path(&self, task_force: &TaskForceId, sha256: Hash) -> PathBuf {
        self.folder_of(task_force).join(sha256.to_string())
    }

    /// Ids of task forces are letters, digits and hyphens; what is not stays inside the folder all the same.
    fn folder_of(&self, task_force: &TaskForceId) -> PathBuf {
        let safe = |letter: char| match letter.is_ascii_alphanumeric() || letter == '-' {
            true => letter,
            false => '_',
        };
        let name: String = task_force.as_str().chars().map(safe).collect();
        self.folder.join(name)
    }
}

impl Draft {
    /// Adds to the end.
    ///
    /// # Errors
    /// The disk is full or fails.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// Puts the file under its hash, safe from a power cut when this returns. The same content twice is one file.
    ///
    /// # Errors
    /// The disk is full or fails.
    pub fn keep(self) -> io::Result<(Hash, u64)> {
        let sha256 = Hash(self.hash.finalize().into());
        self.file.as_file().sync_all()?;
        self.file.persist(self.folder.join(sha256.to_string()))?;
        sync(&self.folder)?;
        Ok((sha256, self.size))
    }
}

/// A new name is safe once its folder is written too.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn shelf() -> (tempfile::TempDir, Shelf, TaskForceId) {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path().join("evidence"));
        (folder, shelf, "rushan".into())
    }

    fn put(shelf: &Shelf, id: &TaskForceId, pieces: &[&[u8]]) -> (Hash, u64) {
        let mut draft = shelf.begin(id).unwrap();
        pieces.iter().for_each(|piece| draft.write(piece).unwrap());
        draft.keep().unwrap()
    }

    fn names(shelf: &Shelf, id: &TaskForceId) -> Vec<String> {
        let files = fs::read_dir(shelf.folder_of(id)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[test]
    fn a_file_lies_under_the_hash_of_its_content_and_twice_it_is_one() {
        let (_folder, shelf, id) = shelf();
        let (sha256, size) = put(&shelf, &id, &[b"con", b"tent"]);
        assert_eq!((sha256, size), (Hash::of(b"content"), 7));
        assert_eq!(put(&shelf, &id, &[b"content"]), (sha256, 7));
        assert_eq!(names(&shelf, &id), [sha256.to_string()]);
        let mut read = String::new();
        let mut file = shelf.open(&id, sha256).unwrap();
        file.read_to_string(&mut read).unwrap();
        assert_eq!(read, "content");
    }

    #[test]
    fn what_was_begun_and_not_kept_leaves_nothing_behind() {
        let (_folder, shelf, id) = shelf();
        let mut draft = shelf.begin(&id).unwrap();
        draft.write(b"half").unwrap();
        drop(draft);
        assert_eq!(names(&shelf, &id), [""; 0]);
    }

    #[test]
    fn drafts_of_a_killed_program_are_cleared_and_younger_ones_left() {
        let (_folder, shelf, id) = shelf();
        assert_eq!(shelf.clear_drafts(&id, SystemTime::UNIX_EPOCH).unwrap(), 0);
        let (sha256, _) = put(&shelf, &id, &[b"content"]);
        let left = shelf.folder_of(&id).join(".draft-killed");
        fs::write(&left, "half").unwrap();
        let written = fs::metadata(&left).unwrap().modified().unwrap();
        assert_eq!(shelf.clear_drafts(&id, written).unwrap(), 0);
        let later = written + std::time::Duration::from_secs(1);
        assert_eq!(shelf.clear_drafts(&id, later).unwrap(), 1);
        assert_eq!(names(&shelf, &id), [sha256.to_string()]);
    }

    #[test]
    fn a_removed_file_is_gone_and_twice_is_harmless() {
        let (_folder, shelf, id) = shelf();
        let (sha256, _) = put(&shelf, &id, &[b"content"]);
        let other = put(&shelf, &"weihai".into(), &[b"content"]);
        assert!(shelf.remove(&id, sha256).unwrap());
        assert!(!shelf.remove(&id, sha256).unwrap());
        assert!(shelf.open(&id, sha256).is_err());
        assert!(shelf.open(&"weihai".into(), other.0).is_ok(), "another's");
    }

    #[test]
    fn no_id_leads_out_of_the_folder() {
        let (_folder, shelf, _) = shelf();
        let path = shelf.path(&"../../etc/passwd".into(), Hash::of(b""));
        assert!(path.starts_with(&shelf.folder));
        assert!(path.iter().all(|part| part != ".."));
    }
}
