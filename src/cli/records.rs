//! `pistor records`: saved consultations.
use super::Ended;
use super::failure::Failure;
use super::options::Common;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    pub common: Common,
}
impl Args {
    pub const fn common(&self) -> &Common {
        &self.common
    }
}
pub(super) fn run(_: &Common, _: &Args) -> Result<(String, Ended), Failure> {
    Ok((String::new(), Ended::Done))
}
