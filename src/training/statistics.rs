//! The statistics of a report, and when they may not be given.

/// The mean; `None` of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The variance of a sample; `None` of fewer than two.
#[must_use]
pub fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let n = values.len();
    (n > 1).then(|| values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1) as f64)
}

/// Pearson's correlation; `None` when there is nothing to correlate.
#[must_use]
pub fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mx, my) = (mean(x)?, mean(y)?);
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(a, b)| f(a - mx, b - my)).sum::<f64>();
    let (xy, xx, yy) = (sum(&|a, b| a * b), sum(&|a, _| a * a), sum(&|_, b| b * b));
    (x.len() == y.len() && x.len() > 2 && xx > 1e-12 && yy > 1e-12).then(|| xy / (xx * yy).sqrt())
}

/// How well an item tells good from weak trainees: the correlation of the item (right or wrong) with the score of all
/// *other* items, so that an item does not praise itself.
#[must_use]
pub fn point_biserial(item: &[f64], rest: &[f64]) -> Option<f64> {
    correlation(item, rest)
}

/// Cronbach's alpha: rows are trainees, columns items. `None` with fewer than two of either, or without any spread.
#[must_use]
pub fn cronbach_alpha(rows: &[Vec<f64>]) -> Option<f64> {
    let k = rows.first()?.len();
    if k < 2 || rows.iter().any(|row| row.len() != k) {
        return None;
    }
    let column = |n: usize| rows.iter().filter_map(|row| row.get(n).copied()).collect::<Vec<f64>>();
    let items: f64 = (0..k).filter_map(|n| variance(&column(n))).sum();
    let totals: Vec<f64> = rows.iter().map(|row| row.iter().sum()).collect();
    let total = variance(&totals).filter(|v| *v > 1e-12)?;
    Some(k as f64 / (k - 1) as f64 * (1.0 - items / total))
}

/// The cut score that borderline regression gives.
#[derive(Clone, Copy, PartialEq, Debug, serde::Serialize)]
pub struct Cut {
    /// The percentage at the borderline rating.
    pub percent: f64,
    /// How many attempts it rests on.
    pub n: usize,
    /// How much of the spread of the percentages the ratings explain.
    pub r_squared: f64,
}

/// The global rating that is "borderline" on the scale of 1 to 5.
const BORDERLINE: f64 = 2.0;
/// Fewer attempts give no cut.
const ENOUGH: usize = 10;
/// Ratings that explain less give no cut.
const EXPLAINED: f64 = 0.3;

/// Regresses percentages on an instructor's global ratings (1 fail, 2 borderline, 3 pass, 4 good, 5 excellent).
///
/// # Errors
/// A sentence that says why no cut can be given.
pub fn borderline_regression(ratings: &[f64], percents: &[f64]) -> Result<Cut, String> {
    let n = ratings.len().min(percents.len());
    if n < ENOUGH {
        return Err(format!("{n} rated attempts; at least {ENOUGH} are needed"));
    }
    let (Some(mx), Some(my)) = (mean(ratings), mean(percents)) else { return Err("nothing to regress".to_owned()) };
    let Some(r) = correlation(ratings, percents) else {
        return Err("all ratings or all percentages are the same".to_owned());
    };
    let r_squared = r * r;
    if r_squared < EXPLAINED {
        return Err(format!(
            "R² is {r_squared:.2}; below {EXPLAINED} the ratings say too little about the percentages"
        ));
    }
    let pairs = || ratings.iter().zip(percents);
    let slope =
        pairs().map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / ratings.iter().map(|x| (x - mx).powi(2)).sum::<f64>();
    if slope <= 0.0 {
        return Err("better ratings go with lower percentages: look at the ratings first".to_owned());
    }
    Ok(Cut { percent: (my + slope * (BORDERLINE - mx)).clamp(0.0, 100.0), n, r_squared })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    /// The expected numbers were computed with exact fractions by hand and with Python's `statistics` module.
    #[test]
    fn correlation_and_alpha_are_what_others_compute() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        let y = [2.0, 1.0, 4.0, 3.0, 5.0];
        assert!(near(correlation(&x, &y).unwrap(), 0.8));
        // Five trainees, four items: item variances 0.3, 0.3, 0.3, 0.2; totals 4, 3, 1, 3, 1 with variance 1.8.
        let rows = vec![
            vec![1.0, 1.0, 1.0, 1.0],
            vec![1.0, 1.0, 0.0, 1.0],
            vec![0.0, 0.0, 0.0, 1.0],
            vec![1.0, 1.0, 1.0, 0.0],
            vec![0.0, 0.0, 0.0, 1.0],
        ];
        assert!(near(variance(&[4.0, 3.0, 1.0, 3.0, 1.0]).unwrap(), 1.8));
        assert!(near(cronbach_alpha(&rows).unwrap(), 4.0 / 3.0 * (1.0 - 1.1 / 1.8)));
        assert_eq!(cronbach_alpha(&rows[..1]), None);
        // The last item against the sum of the first three.
        let rest = [3.0, 2.0, 0.0, 3.0, 0.0];
        let item = [1.0, 1.0, 1.0, 0.0, 1.0];
        assert!((point_biserial(&item, &rest).unwrap() + 0.516_046_846_542_139_8).abs() < 1e-12);
    }

    #[test]
    fn a_cut_lies_on_the_line_and_is_refused_where_the_numbers_are_too_few_or_too_loose() {
        let ratings = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0];
        // percent = 30 + 12 * rating, plus and minus 1: the noise cancels, the line stays.
        let percents: Vec<f64> =
            ratings.iter().enumerate().map(|(n, r)| 30.0 + 12.0 * r + if n % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let cut = borderline_regression(&ratings, &percents).unwrap();
        assert!(near(cut.percent, 54.0) && cut.n == 10, "{cut:?}");
        // Explained 12² * 20 = 2880 of 2890.
        assert!(near(cut.r_squared, 2880.0 / 2890.0), "{cut:?}");
        assert!(borderline_regression(&ratings[..9], &percents[..9]).unwrap_err().contains("at least 10"));
        let noise = [70.0, 30.0, 60.0, 40.0, 50.0, 52.0, 41.0, 61.0, 33.0, 71.0];
        assert!(borderline_regression(&ratings, &noise).unwrap_err().contains("R²"));
        assert!(borderline_regression(&ratings, &[50.0; 10]).unwrap_err().contains("the same"));
    }
}
