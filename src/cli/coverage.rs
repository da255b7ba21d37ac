//! `pistor check --topics`: what a pack covers, as the Markdown of its README.

use std::fmt::Write;

use crate::pack::Pack;
use crate::pack::topic::{Section, Topic};

/// The page: what the pack holds, then each topic with what covers it or why nothing does.
pub(super) fn markdown(pack: &Pack, counts: &[(&str, usize)], sections: &[Section]) -> String {
    let mut page = String::new();
    let layer = pack.layers.last();
    let title = layer.map_or("Pack", |layer| layer.title.as_str());
    let id = layer.map_or("", |layer| layer.id.as_str());
    let topics: Vec<&Topic> = sections.iter().flat_map(|section| &section.topics).collect();
    let covered = topics.iter().filter(|topic| !topic.covered_by.is_empty()).count();
    let holds: Vec<String> = counts.iter().map(|(name, n)| format!("{n} {name}")).collect();
    let _ = write!(
        page,
        "# {title} (`{id}`)\n\nThis page is made by `pistor check data --topics`; edit the files in `topics/`, not this page. \
         How the files are written: [docs/pack-format.md](../docs/pack-format.md); how to add to them: \
         [docs/authoring.md](../docs/authoring.md).\n\nThe pack holds {}.\n\n## What it covers\n\n{} topics: {covered} covered by the \
         pack, {} by a reason instead (the program does it, or it was left out on purpose).\n",
        holds.join(", "),
        topics.len(),
        topics.len() - covered,
    );
    for section in sections {
        let _ = write!(
            page,
            "\n### {}\n\n| | topic | covered by | remark |\n| --- | --- | --- | --- |\n",
            cell(&section.title)
        );
        for (n, topic) in section.topics.iter().enumerate() {
            let covers: Vec<String> = topic.covered_by.iter().map(|c| cover(&c.kind, &c.id, &c.what)).collect();
            let covers = if covers.is_empty() { "—".to_owned() } else { covers.join("<br>") };
            let reason = topic.reason.as_deref().unwrap_or_default();
            let _ = writeln!(page, "| {} | {} | {covers} | {} |", n + 1, cell(&topic.title), cell(reason));
        }
    }
    page
}

fn cover(kind: &str, id: &str, what: &str) -> String {
    let name = format!("`{kind}:{id}`");
    if what.is_empty() { name } else { format!("{name} {}", cell(what)) }
}

/// Text inside a table of Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
