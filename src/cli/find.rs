//! `pistor find`: search a vocabulary as the pickers do.
use super::Ended;
use super::failure::Failure;
use super::options::Common;
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    pub common: Common,
}
pub(super) fn run(_: &Session, _: &Args) -> Result<(String, Ended), Failure> {
    Ok((String::new(), Ended::Done))
}
