//! Chinese numerals of Word's lists.

const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
const TEN: char = '十';

/// A count in the form that Word names; Arabic digits for what is not Chinese.
pub(super) fn numeral(count: u32, form: &str) -> String {
    let chinese = form.starts_with("chinese")
        || form.starts_with("japaneseCounting")
        || form.starts_with("ideographDigital");
    let digit = |value: u32| (value > 0).then(|| DIGITS[value as usize - 1]);
    match count {
        _ if form == "none" || form == "bullet" => String::new(),
        1..=9 if chinese => digit(count).into_iter().collect(),
        10..=99 if chinese => {
            let tens = digit(count / 10).filter(|_| count >= 20);
            tens.into_iter()
                .chain([TEN])
                .chain(digit(count % 10))
                .collect()
        }
        _ => count.to_string(),
    }
}
