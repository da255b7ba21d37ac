//! The `pistor` program.

fn main() -> std::process::ExitCode {
    pistor::cli::main()
}
