//! scratch
use pistor::{
    pack,
    source::{Problems, parse},
};
use std::time::Instant;
fn main() {
    let t = Instant::now();
    let f = pack::builtin_files();
    println!("files {:?}", t.elapsed());
    let mut p = Problems::default();
    let t = Instant::now();
    let v: Vec<_> = f.files.iter().map(|f| parse(f, &mut p)).collect();
    println!("parse {:?} {}", t.elapsed(), v.len());
    let t = Instant::now();
    let l = pack::load::load(&[f.clone()]).ok().unwrap();
    println!("load {:?} {}", t.elapsed(), l.rules.len());
}
