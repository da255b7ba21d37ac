//! A PostgreSQL server of our own for as long as a test runs: in a folder that is thrown away, on a socket in it, on no
//! network. Installed where it is absent and this machine can.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::record::postgres::wire::{Fault, Row, Value, Wire};
use crate::record::postgres::{Address, Room};
use crate::record::tests::tools::{install, is_root};

/// `nobody`: PostgreSQL does not run as root.
const NOBODY: u32 = 65534;

/// The role that owns the databases.
const OWNER: &str = "clinic";

/// Set to `skip` where no server may be installed or started.
const ASKED: &str = "PISTOR_TEST_POSTGRES";

pub struct Cluster {
    home: tempfile::TempDir,
    tools: PathBuf,
    server: Option<Child>,
}

impl Cluster {
    /// A running server, or why none can be had. One that is there and does not start is a failure.
    pub fn start() -> Result<Self, String> {
        if std::env::var(ASKED).is_ok_and(|asked| asked == "skip") {
            return Err(format!("{ASKED}=skip"));
        }
        let tools = match tools() {
            Some(tools) => tools,
            None => {
                install("postgresql")?;
                tools().ok_or("apt-get brought no server")?
            }
        };
        // Where `nobody` can get at it, whatever TMPDIR says; in memory where that is possible: the server syncs every
        // file of every database, and that its disk does so is not what is tried here.
        let new = |place: &str| tempfile::Builder::new().prefix("pistor-pg").tempdir_in(place);
        let home = new("/dev/shm").or_else(|_| new("/tmp")).unwrap();
        let mut cluster = Self { home, tools, server: None };
        cluster.init();
        cluster.run();
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Where the server keeps everything.
    pub fn folder(&self) -> &Path {
        self.home.path()
    }

    /// A tool of the server, as somebody who is not root, and ended with this test whatever ends it.
    fn tool(&self, name: &str) -> Command {
        let program = self.tools.join(name);
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if is_root() {
            let nobody = NOBODY.to_string();
            command.args([&format!("--reuid={nobody}"), &format!("--regid={nobody}"), "--clear-groups"]);
        }
        command.arg(program).current_dir(self.home.path()).env("LC_ALL", "C").stdin(Stdio::null());
        command
    }

    fn init(&self) {
        if is_root() {
            std::fs::set_permissions(self.home.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
            chown(self.home.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let output = self
            .tool("initdb")
            .args(["--no-sync", "--wal-segsize=1", "--auth=peer", "--encoding=UTF8", "--locale=C", "-U", OWNER, "-D"])
            .arg(self.data())
            .output()
            .unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        // Who comes by the socket is known by the user of this machine, and only these roles are theirs.
        let us = Command::new("id").arg("-un").output().unwrap();
        let us = String::from_utf8_lossy(&us.stdout).trim().to_owned();
        let map: Vec<String> = [OWNER, "one", "two"].iter().map(|role| format!("rooms {us} {role}\n")).collect();
        std::fs::write(self.data().join("pg_ident.conf"), map.concat()).unwrap();
        std::fs::write(self.data().join("pg_hba.conf"), "local all all peer map=rooms\n").unwrap();
    }

    /// Starts the server and waits until it says that it is ready.
    pub fn run(&mut self) {
        let mut command = self.tool("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.home.path());
        for setting in ["listen_addresses=", "shared_buffers=16MB", "max_connections=30", "log_statement=all"] {
            command.args(["-c", setting]);
        }
        let mut server = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(server.stderr.take().unwrap());
        let (mut all, mut line) = (String::new(), String::new());
        while !line.contains("ready to accept connections") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "postgres ended: {all}");
            all.push_str(&line);
        }
        // The rest of what it says goes into a file beside the data: it must not hold a word of a patient either.
        let mut log = std::fs::OpenOptions::new().append(true).create(true).open(self.home.path().join("log")).unwrap();
        std::thread::spawn(move || std::io::copy(&mut said, &mut log));
        self.server = Some(server);
    }

    /// Ends the server: `INT` as it should be, `QUIT` as when the power goes.
    pub fn end(&mut self, signal: &str) {
        let Some(mut server) = self.server.take() else { return };
        let _ = Command::new("kill").args([&format!("-{signal}"), &server.id().to_string()]).status();
        let _ = server.wait();
    }

    /// A room of the clinic with its records in this database.
    pub fn room(&self, role: &str, database: &str, state: Option<PathBuf>) -> Room {
        let (database, role) = (database.to_owned(), role.to_owned());
        Room { socket: self.home.path().to_owned(), port: 5432, database, role, state }
    }

    /// The owner of the databases.
    pub fn owner(&self, database: &str) -> Room {
        self.room(OWNER, database, None)
    }

    /// As the owner, who may do anything.
    pub fn sql(&self, database: &str, statements: &[&str]) {
        let mut wire = Wire::connect(&self.owner(database).address()).unwrap();
        for statement in statements {
            wire.run(statement).unwrap_or_else(|fault| panic!("{statement}: {fault}"));
        }
    }

    /// Rows, as the owner.
    pub fn rows(&self, database: &str, sql: &str) -> Vec<Row> {
        Wire::connect(&self.owner(database).address()).unwrap().query(sql, &[]).unwrap()
    }

    /// What a role is told when it tries this.
    pub fn refused(&self, role: &str, database: &str, sql: &str) -> String {
        let address: Address = self.room(role, database, None).address();
        match Wire::connect(&address).and_then(|mut wire| wire.query(sql, &[Value::Null; 0])) {
            Err(Fault::Refused { code, .. }) => code,
            other => panic!("{sql}: {other:?}"),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end("INT");
    }
}

/// The folder with `postgres` and `initdb`: on the path, or where distributions put them.
fn tools() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    for place in ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt"] {
        let versions = std::fs::read_dir(place).into_iter().flatten().flatten();
        folders.extend(versions.map(|version| version.path().join("bin")));
    }
    folders.extend(["/usr/local/pgsql/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    folders.into_iter().find(|folder| ["postgres", "initdb"].iter().all(|tool| folder.join(tool).is_file()))
}
