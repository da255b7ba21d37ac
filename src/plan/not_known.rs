//! How a finding reads that stands only because something is not known: nobody is told a diagnosis that nobody made.

/// The most unknown things named in one sentence.
const NAMED: usize = 3;

/// What stands before the title of a finding that nobody has ruled out.
pub(super) const NOT_RULED_OUT: &str = "Not ruled out: ";

/// The title of a rule, here. One that speaks of what is not known itself says enough.
pub(crate) fn title(title: &str, supposed: bool) -> String {
    if supposed && !says_so(title) { format!("{NOT_RULED_OUT}{title}") } else { title.to_owned() }
}

/// What to do: find out first, which a finding of its own says where a whole list is not known (`listed`).
pub(crate) fn message(title: &str, message: &str, assumed: &[String], listed: bool) -> String {
    if says_so(title) || assumed.is_empty() {
        return message.to_owned();
    }
    let first = if listed { String::new() } else { format!("{}: find out first. ", named(assumed, true)) };
    format!("{first}If so: {message}")
}

/// The same for the patient, who is told no reason that may not be theirs.
pub(super) fn patient(title: &str, words: &str, assumed: &[String]) -> String {
    if says_so(title) || assumed.is_empty() {
        return words.to_owned();
    }
    format!(
        "We do not know enough yet to say that this is safe for you ({}). Until we do, we are as careful as if the answer \
         spoke against it.",
        named(assumed, false)
    )
}

fn says_so(title: &str) -> bool {
    let title = title.to_lowercase();
    ["not known", "unknown", "not clear", "without a diagnosis"].iter().any(|words| title.contains(words))
}

/// "Medications: not known; penicillin: reaction not known and 2 more".
pub(super) fn named(assumed: &[String], sentence: bool) -> String {
    let mut text = assumed.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
    if let more @ 1.. = assumed.len().saturating_sub(NAMED) {
        text.push_str(&format!(" and {more} more"));
    }
    let mut letters = text.chars();
    match letters.next().filter(|_| sentence) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}
