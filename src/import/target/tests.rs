//! Sentences as plans have them, and the targets that are in them.

use super::*;

fn read(source: &str) -> String {
    let text = Text::read(source, |_| false);
    let starts = NaiveDate::from_ymd_opt(2024, 8, 5).unwrap();
    let (found, passed) = targets(&text, 0..text.chars.len(), starts, starts);
    let shown = found.into_iter().map(|it| {
        let due = it.deadline.map_or("-".to_owned(), |it| it.due.to_string());
        let value = it.value.map_or(String::new(), |value| {
            format!(" {:?} {value}{}", it.comparator, it.unit)
        });
        let base = it
            .base_year
            .map_or(String::new(), |year| format!(" /{year}"));
        let odd: Vec<_> = it.odd.iter().map(|odd| format!(" {odd:?}")).collect();
        format!(
            "{} {:?}{value}{base} {due}{}",
            it.name,
            it.kind,
            odd.concat()
        )
    });
    let passed = passed
        .into_iter()
        .map(|it| format!("{:?} {}", it.why, text.slice(it.range)));
    shown.chain(passed).collect::<Vec<_>>().join("\n")
}

#[test]
fn one_sentence_may_hold_several_targets() {
    insta::assert_snapshot!(read("到2026年，城区充电桩数量达到0.3万个以上，旧锅炉基本淘汰；公交新能源比例超过85%，快递包装回收量较2022年增加约2倍。公共厕所漏水率控制在3.5%以内。"), @"
    城区充电桩 Stock AtLeast 0.3万个 2026-12-31
    旧锅炉基本淘汰 Milestone 2026-12-31
    公交新能源比例 Level Above 85% 2026-12-31
    快递包装回收量增长 Level About 2倍 /2022 2026-12-31
    公共厕所漏水率 Level AtMost 3.5% -
    ");
    insta::assert_snapshot!(read("推动供暖改造，2025年改造换热站6座、管网4.2公里；每年举办3场以上农机展销活动。到2025年，全县重点改造12所敬老院实现“三达标”，到2027年，全县敬老院普遍实现“三达标”。"), @"
    改造换热站 Stock AtLeast 6座 2025-12-31
    改造管网 Stock AtLeast 4.2公里 2025-12-31
    农机展销活动 Flow AtLeast 3场 2024-12-31
    重点改造敬老院 Stock AtLeast 12所 2025-12-31
    敬老院普遍实现“三达标” Milestone 2027-12-31
    ");
}

#[test]
fn comparators_and_base_years_are_read() {
    insta::assert_snapshot!(read("到2026年，甲类企业不少于5家，乙类园区约3个，能耗较2020年下降13.5%左右，用时压减至3天，丙类场所力争达到50处，丁车与戊车比值达到0.6：1，己项目投资比上年增长百分之十，庚产值翻一番，辛企业2—3家，壬率低于2‰。"), @"
    甲类企业 Stock AtLeast 5家 2026-12-31
    乙类园区 Stock About 3个 2026-12-31
    能耗下降 Level About 13.5% /2020 2026-12-31
    用时 Stock AtMost 3天 2026-12-31
    丙类场所 Stock AtLeast 50处 2026-12-31 Striven
    丁车与戊车比值 Level AtLeast 0.6:1 2026-12-31
    己项目投资增长 Level AtLeast 10% /2025 2026-12-31 BaseInferred
    庚产值增长 Level AtLeast 1倍 2026-12-31
    辛企业 Stock AtLeast 2家 2026-12-31 LowerEnd
    壬率 Level AtMost 2‰ 2026-12-31 Below
    ");
}

#[test]
fn numbers_that_are_no_targets_are_told() {
    insta::assert_snapshot!(read("目前已有充电站20座。给予每辆2万元补贴。2023年建成泵站3座。满意度指数达到0.95。培育5G工厂，进入前3名，落实“1+3”政策，建设周期3年。示范园区（含2个农场）扩容。"), @"
    State 目前已有充电站20座
    Standard 给予每辆2万元补贴
    Past 2023年建成泵站3座
    NoUnit 0.95
    Rank 前3名
    Span 3年
    InBrackets （含2个农场）
    ");
}

#[test]
fn no_number_is_dropped_whatever_its_form() {
    insta::assert_snapshot!(read("用3年时间建成，15日内答复，10月报送，进入全省前十，居第5位，三成以上企业，新增数十家，打造一个园区，1/3企业，购置20t锅炉，总数3万5千人，较2023年明显下降，由3万辆提高到20%，营业时间8:30—17:30，2019年以来持续推进。"), @"
     Level AtLeast 20% -
    Span 3年
    Span 15日内
    DueOnly 10月
    Rank 前十
    Rank 第5位
    InWords 三成
    InWords 数十家
    InWords 一个
    InWords 1/3
    Glued 20t
    InWords 3万5
    InWords 千人
    DueOnly 较2023年
    State 3万辆
    DueOnly 8:30—17:30
    Past 2019年以来持续推进
    ");
    insta::assert_snapshot!(read("落实“1+3”政策和《2024年行动方案》，按照〔2024〕5号文件建设5G基站、5A景区，拨打12345热线，第3批名单，PM2.5监测，实施三年行动，一户一策，培育一批企业，抓好三个方面、四项机制，目前、提前完成。"), @"");
}

#[test]
fn numbers_in_words_and_ranges_are_targets_like_others() {
    insta::assert_snapshot!(read("到2027年，占比提高到百分之三十点五，产值翻两番，销量增长一倍以上，培育企业一千二百家，新建一座泵站，新增门店三至五家，出口增长10%—15%，办理时间压缩到三天，门店从3家增加到5家。三季度末完成验收，6月底启动招标、10月份完成改造。"), @"
    占比 Level AtLeast 30.5% 2027-12-31
    产值增长 Level AtLeast 3倍 2027-12-31
    销量增长 Level AtLeast 1倍 2027-12-31
    企业 Stock AtLeast 1200家 2027-12-31
    新建泵站 Stock AtLeast 1座 2027-12-31
    新增门店 Stock AtLeast 3家 2027-12-31 LowerEnd
    出口增长 Level AtLeast 10% 2027-12-31 LowerEnd
    办理时间 Stock AtMost 3天 2027-12-31
    门店 Stock AtLeast 5家 2027-12-31
    完成验收 Milestone 2024-09-30
    启动招标 Milestone 2025-06-30
    完成改造 Milestone 2024-10-31
    ");
}

#[test]
fn lists_give_each_name_and_each_year_its_number() {
    insta::assert_snapshot!(read("2025年、2026年分别更新管网30公里、50公里。到2027年，供水普及率、污水处理率分别达到98%、95%以上。2025年和2026年各改造泵站4座。2024—2027年，每年新建公园2处。绿化率和普及率分别达到40%、99%。"), @"
    更新管网 Stock AtLeast 30公里 2025-12-31
    更新管网 Stock AtLeast 50公里 2026-12-31
    供水普及率 Level AtLeast 98% 2027-12-31
    污水处理率 Level AtLeast 95% 2027-12-31
    改造泵站 Stock AtLeast 4座 2025-12-31
    改造泵站 Stock AtLeast 4座 2026-12-31
    新建公园 Flow AtLeast 2处 2024-12-31
    绿化率 Level AtLeast 40% -
    普及率 Level AtLeast 99% -
    ");
}

#[test]
fn a_rise_tells_where_it_starts() {
    let text = Text::read("到2027年，绿色建筑占比由70%提高到90%。", |_| false);
    let day = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let found = targets(&text, 0..text.chars.len(), day, day).0;
    let told = found
        .iter()
        .map(|it| (it.name.as_str(), it.baseline, it.value));
    let expected = (
        "绿色建筑占比",
        Some(Decimal::from(70)),
        Some(Decimal::from(90)),
    );
    assert_eq!(told.collect::<Vec<_>>(), [expected]);
}
