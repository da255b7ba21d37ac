//! scratch
use pistor::{intake, pack, plan, source::SourceFile};
fn main() {
<<<<<<< HEAD
    let t = std::time::Instant::now();
    match pistor::pack::builtin() {
        Ok(p) => println!(
            "ok rules {} conditions {} meds {} allergens {} ingredients {} recipes {} sources {} {:?}",
            p.rules.len(),
            p.conditions.len(),
            p.medications.len(),
            p.allergens.len(),
            p.ingredients.len(),
            p.recipes.len(),
            p.sources.len(),
            t.elapsed()
        ),
        Err(r) => print!("{}", r.render(false)),
=======
    let p = match pack::builtin() {
        Ok(p) => p,
        Err(r) => {
            print!("{}", r.render(false));
            return;
        }
    };
    if let Some(f) = std::env::args().nth(1) {
        let file = SourceFile::new(f.clone(), std::fs::read_to_string(&f).unwrap());
        let i = match intake::read(&p, &file) {
            Ok(i) => i,
            Err(r) => {
                print!("{}", r.render(false));
                return;
            }
        };
        let a = plan::assess(&p, &i, jiff::civil::date(2026, 11, 22));
        println!("{}", serde_json::to_string_pretty(&a).unwrap());
        return;
>>>>>>> main
    }
    let cases = match plan::cases::read(&[pack::builtin_files()]) {
        Ok(c) => c,
        Err(e) => {
            for e in e {
                println!("{e}")
            }
            return;
        }
    };
    let mut bad = 0;
    for c in &cases {
        if let Some(f) = plan::cases::run(&p, c) {
            bad += 1;
            println!("FAIL {} {}", f.file, f.case);
            for w in f.what {
                println!("    {w}");
            }
        }
    }
    println!("{} cases, {bad} failed; rules {}", cases.len(), p.rules.len());
}
