//! The memory of this program goes into no file, whatever ends it.

/// Forbids core dumps of this program, and of what it starts (an editor). On Linux other programs of the same account
/// cannot read its memory either. Where the system refuses, everything works as it would without.
pub(super) fn keep_private() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), ..getrlimit(Resource::Core) });
    }
    // The limit does not hold where the system hands core dumps to a program (systemd-coredump): this does.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
