//! scratch
use pistor::{intake, pack, plan, source::SourceFile};
use std::time::Instant;
fn main() {
    let t = Instant::now();
    let p = pack::builtin().ok().unwrap();
    println!("load {:?}", t.elapsed());
    let t = Instant::now();
    let p2 = pack::builtin().ok().unwrap();
    println!("load again {:?}", t.elapsed());
    drop(p2);
    let f = "/tmp/healthy.toml";
    let file = SourceFile::new(f, std::fs::read_to_string(f).unwrap());
    let i = intake::read(&p, &file).ok().unwrap();
    let d = jiff::civil::date(2026, 11, 22);
    for _ in 0..3 {
        let t = Instant::now();
        for _ in 0..2000 {
            std::hint::black_box(plan::assess(&p, &i, d));
        }
        println!("assess {:?}", t.elapsed() / 2000);
    }
    let t = Instant::now();
    for _ in 0..2000 {
        std::hint::black_box(pistor::rules::facts(&p, &i, d));
    }
    println!("facts {:?}", t.elapsed() / 2000);
    let fx = pistor::rules::facts(&p, &i, d);
    let t = Instant::now();
    for _ in 0..2000 {
        std::hint::black_box(pistor::rules::standings(&p, &fx));
    }
    println!("standings {:?}", t.elapsed() / 2000);
}
