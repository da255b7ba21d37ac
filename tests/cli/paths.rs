//! `pistor paths`.

use crate::program::Pistor;

#[test]
fn prints_where_things_are() {
    let pistor = Pistor::new();
    let run = pistor.run(&["paths", "--format", "json", "--pack", "data"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let paths = run.json();
    for name in ["config", "data", "records", "state"] {
        let path = paths[name]["path"].as_str().unwrap();
        assert!(path.starts_with(pistor.home().to_str().unwrap()), "{name}: {path}");
        assert_eq!(paths[name]["exists"], false, "{name}");
    }
    assert_eq!((&paths["packs"][0]["path"], &paths["packs"][0]["exists"]), (&"data".into(), &true.into()));
    let text = pistor.run(&["paths"]).out;
    assert!(text.contains("config.toml (not there yet)"), "{text}");
}

#[test]
fn the_data_folder_can_be_named() {
    let pistor = Pistor::new().with("PISTOR_DATA", "/srv/example");
    assert_eq!(pistor.run(&["paths", "--format", "json"]).json()["data"]["path"], "/srv/example");
}
