//! The directory and the file, private before anything is written.

use std::fs::{self, OpenOptions};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use crate::record::error::StoreError;

/// The file in its directory.
pub(super) const FILE: &str = "records.db";

/// Makes the directory (0700) and the empty file (0600) if they are not there, and narrows them if they are open to
/// others. SQLite gives its companions (`-wal`, `-shm`) the mode of the file.
pub(super) fn prepare(directory: &Path) -> Result<PathBuf, StoreError> {
    private_directory(directory)?;
    let path = directory.join(FILE);
    private_file(&path)?;
    for companion in ["-wal", "-shm", "-journal"] {
        let mut name = path.clone().into_os_string();
        name.push(companion);
        narrow_file(Path::new(&name))?;
    }
    Ok(path)
}

pub(super) fn explain(error: &Error, path: &Path) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { path: path.to_owned() },
        // The kind, not the message of the system: it is the same in every language.
        kind => StoreError::Io { detail: format!("{}: {kind}", path.display()) },
    }
}

fn private_directory(directory: &Path) -> Result<(), StoreError> {
    if !directory.is_dir() {
        let there = directory.ancestors().find(|folder| folder.is_dir()).unwrap_or(directory);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(|error| explain(&error, directory))?;
        sync_names(directory, there);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(directory).map_err(|error| explain(&error, directory))?.permissions().mode();
        let not_private =
            |detail: &str| StoreError::NotPrivate { path: directory.to_owned(), detail: detail.to_owned() };
        if mode & 0o1000 != 0 {
            // /tmp and its like: narrowing it would break everyone else.
            return Err(not_private("it is a shared directory"));
        }
        if mode & 0o777 != 0o700 && mode & 0o077 != 0 {
            fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
                .map_err(|_| not_private("it belongs to someone else"))?;
        }
    }
    Ok(())
}

/// A new folder outlives a power cut when the one above it was synced. SQLite does that for its files, and only in
/// their own folder. Where folders cannot be synced, there is nothing to be done about it.
fn sync_names(made: &Path, there: &Path) {
    for folder in made.ancestors().skip(1).take_while(|folder| folder.starts_with(there)) {
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Which file is at a place: its device and number.
#[cfg(unix)]
pub(super) fn file_id(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|about| (about.dev(), about.ino()))
}

/// Whether a file is at a place: open files cannot be removed here.
#[cfg(not(unix))]
pub(super) fn file_id(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}

/// A folder for backups: made private; one that is there is the user's and stays as it is.
pub(super) fn private_directory_or_other(directory: &Path) -> Result<(), StoreError> {
    if directory.is_dir() { Ok(()) } else { private_directory(directory) }
}

/// A file that was not there, empty and private.
pub(super) fn new_private_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| explain(&error, path))
}

fn private_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(explain(&error, path)),
    }
    narrow_file(path)
}

#[cfg(unix)]
fn narrow_file(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.permissions().mode(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(explain(&error, path)),
    };
    if mode & 0o077 == 0 {
        return Ok(());
    }
    match fs::set_permissions(path, fs::Permissions::from_mode(0o600)) {
        Ok(()) => Ok(()),
        // Another program closed the store in between and removed it.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(explain(&error, path)),
    }
}

#[cfg(not(unix))]
fn narrow_file(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}
