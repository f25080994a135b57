//! A PostgreSQL server of the test's own, which it may stop as it likes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running server; dropping it stops it and removes its data.
pub struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    is_root: bool,
}

/// The folder of the newest server installed.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").exists())
        .max()
}

impl Cluster {
    /// A fresh server; none where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let is_root = std::fs::metadata("/proc/self")
            .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let cluster = Self {
            programs,
            folder: tempfile::tempdir().unwrap(),
            port,
            is_root,
        };
        if is_root {
            run(Command::new("chown")
                .arg("postgres")
                .arg(cluster.folder.path()));
        }
        run(cluster
            .program("initdb")
            .args(["--auth=trust", "--username=postgres", "--pgdata"])
            .arg(cluster.data()));
        cluster.go_on();
        Some(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of its programs, never as root: the server refuses that.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = Command::new(if self.is_root {
            Path::new("setpriv")
        } else {
            &path
        });
        if self.is_root {
            command
                .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
                .arg(path);
        }
        command.current_dir("/");
        command
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Every process of it is gone at once, in the middle of whatever it did.
    pub fn stop_at_once(&self) {
        run(self
            .program("pg_ctl")
            .args(["--mode=immediate", "stop", "--pgdata"])
            .arg(self.data()));
    }

    /// Starts, and recovers what was committed.
    pub fn go_on(&self) {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}",
            self.port
        );
        let mut start = self.program("pg_ctl");
        start
            .arg("--pgdata")
            .arg(self.data())
            .arg("--log")
            .arg(self.folder.path().join("log"));
        run(start
            .arg("--wait")
            .arg("--options")
            .arg(options)
            .arg("start"));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.args(["--mode=immediate", "stop", "--pgdata"])
            .arg(self.data())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // It may be down already.
        let _ = stop.status();
    }
}

fn run(command: &mut Command) {
    // What it starts in the background would keep a pipe open for ever.
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{command:?}: {status}");
}
