//! Programs of the system that a test needs, and what a test says when it cannot run.

use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

/// Whether we are root.
pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// Installs a package of Debian, where we are root.
pub fn install(package: &str) -> Result<(), String> {
    if !is_root() {
        return Err(format!("{package} is not on this machine, and only root can install it"));
    }
    tell(&format!("{package} is not on this machine: installing it with apt-get"));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        // A package's service is not wanted: a run level without services.
        command.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
        command.args(["-q", "-o", "DPkg::Lock::Timeout=300"]).args(arguments).output()
    };
    let done = apt(&["update"]).and_then(|_| apt(&["install", "-y", "--no-install-recommends", package]));
    match done {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{package} could not be installed: {}", String::from_utf8_lossy(&output.stderr))),
        Err(why) => Err(format!("{package} is not on this machine, and apt-get neither: {why}")),
    }
}

/// Past the test's own capture of its output: a test that did not run must not look as if it had.
pub fn tell(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}
