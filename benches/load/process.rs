//! The program under load, and what the kernel tells of it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context;
use duban::rehearsal::STAND_IN_TOKEN;

/// A running program; dropping it kills it.
pub struct Process {
    child: Child,
}

/// Kilobytes of memory.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    pub resident: u64,
    pub at_most: u64,
}

impl Process {
    /// Starts it, on the first core alone if that can be asked for.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(folder: &Path, url: &str, database: &str) -> anyhow::Result<Self> {
        let program =
            std::env::var_os("DUBAN_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_duban").into());
        let pinned = Command::new("taskset")
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_ok();
        let mut command = if pinned {
            Command::new("taskset")
        } else {
            Command::new(&program)
        };
        if pinned {
            command.args(["--cpu-list", "0"]).arg(&program);
        }
        let log = std::fs::File::create(folder.join("log"))?;
        let child = command
            .args(["run", "--clock", "2026-11-23T09:30:00+08:00", "--config"])
            .arg(folder)
            .current_dir(folder)
            .env("TELOXIDE_TOKEN", STAND_IN_TOKEN)
            .env("TELOXIDE_API_URL", url)
            .env("DATABASE_URL", database)
            .env_remove("TELOXIDE_PROXY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        Ok(Self { child })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// User and system time so far.
    ///
    /// # Errors
    /// The kernel does not tell.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        let fields = stat.rsplit(')').next().context("a name in brackets")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        // USER_HZ is 100 on every Linux.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// What it holds now and held at most.
    ///
    /// # Errors
    /// The kernel does not tell.
    pub fn memory(&self) -> anyhow::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let kilobytes = |name: &str| -> anyhow::Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            Ok(number.context("the kernel tells it")?.parse()?)
        };
        Ok(Memory {
            resident: kilobytes("VmRSS:")?,
            at_most: kilobytes("VmHWM:")?,
        })
    }

    /// Begins to count its calls that wait for the disk; none where strace is not there.
    pub fn count_syncs(&self, folder: &Path) -> Option<Syncs> {
        let table = folder.join("syncs");
        let child = Command::new("strace")
            .args([
                "-f",
                "-c",
                "-e",
                "trace=fsync,fdatasync,sync_file_range",
                "-o",
            ])
            .arg(&table)
            .args(["-p", &self.id().to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        Some(Syncs { child, table })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A count under way.
pub struct Syncs {
    child: Child,
    table: std::path::PathBuf,
}

impl Syncs {
    /// How many there were.
    ///
    /// # Errors
    /// The counter did not end in order.
    pub fn end(mut self) -> anyhow::Result<u64> {
        let ended = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status()?;
        anyhow::ensure!(ended.success(), "strace could not be ended");
        self.child.wait()?;
        let table = std::fs::read_to_string(&self.table)?;
        // "% time, seconds, usecs/call, calls, (errors,) syscall"
        let rows = table.lines().filter(|line| line.contains("sync"));
        Ok(rows
            .filter_map(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok())
            .sum())
    }
}
