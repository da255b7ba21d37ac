fn main() {
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
    }
}
