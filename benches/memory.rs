//! How much memory something takes.

use std::fs;

/// How much memory the process takes at most from here on, where the system tells: Linux.
pub(crate) struct Memory {
    before_kib: Option<u64>,
}

impl Memory {
    pub(crate) fn start() -> Self {
        // The peak begins anew: <https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html>.
        let reset = fs::write("/proc/self/clear_refs", "5").is_ok();
        Self { before_kib: status_kib("VmRSS").filter(|_| reset) }
    }

    pub(crate) fn peak_mib(&self) -> Option<f64> {
        let grown = status_kib("VmHWM")?.saturating_sub(self.before_kib?);
        Some(grown as f64 / 1024.0)
    }
}

fn status_kib(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(key))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Prints it.
pub(crate) fn report(peak_mib: Option<f64>) {
    match peak_mib {
        Some(peak) => println!("    its peak of memory: {peak:.1} MiB"),
        None => println!("    its peak of memory isn't told by this system"),
    }
}
