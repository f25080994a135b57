//! A small disk of the test's own.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system in memory; dropping it unmounts it.
pub struct Disk {
    folder: PathBuf,
}

/// What takes all the room.
const FILLER: &str = "filler";

impl Disk {
    /// Mounts one of this size on a folder that is made for it; the reason where that is not allowed.
    pub fn mount(folder: &Path, megabytes: u32) -> Result<Self, String> {
        std::fs::create_dir_all(folder).unwrap();
        let size = format!("size={megabytes}m");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder)
            .output();
        match mount {
            Ok(mount) if mount.status.success() => Ok(Self {
                folder: folder.to_owned(),
            }),
            Ok(mount) => Err(String::from_utf8_lossy(&mount.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Leaves no room but so many KiB.
    pub fn fill_but(&self, free: u64) {
        let mut filler = File::create(self.folder.join(FILLER)).unwrap();
        let block = [0; 4096];
        loop {
            match filler.write_all(&block) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => panic!("{error}"),
            }
        }
        let filled = filler.metadata().unwrap().len();
        filler.set_len(filled - (free << 10)).unwrap();
    }

    /// Makes room again.
    pub fn free(&self) {
        std::fs::remove_file(self.folder.join(FILLER)).unwrap();
    }
}

/// With `CI=true` what cannot run is a failure; elsewhere it is said.
pub fn cannot_run(why: &str) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "this test could not run: {why}"
    );
    println!("THIS TEST COULD NOT RUN: {why}");
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount")
            .arg("--lazy")
            .arg(&self.folder)
            .status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("{} stays mounted", self.folder.display());
        }
    }
}
