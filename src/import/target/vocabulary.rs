//! Words of targets: units of measure, comparators, deadlines, verbs.

use crate::plan::Comparator;

/// Before a unit of measure: 万辆.
pub(super) const SCALES: [char; 4] = ['百', '千', '万', '亿'];
/// Units of measure as written and as a plan file writes them, longest first of those that begin alike.
pub(super) const UNITS: [(&str, &str); 78] = [
    ("个百分点", "个百分点"),
    ("百分点", "个百分点"),
    ("平方公里", "平方公里"),
    ("平方千米", "平方公里"),
    ("平方米", "㎡"),
    ("立方米", "立方米"),
    ("千瓦时", "千瓦时"),
    ("千瓦", "千瓦"),
    ("兆瓦时", "兆瓦时"),
    ("兆瓦", "兆瓦"),
    ("公里", "公里"),
    ("千米", "公里"),
    ("公顷", "公顷"),
    ("吨标准煤", "吨标准煤"),
    ("标准煤", "吨标准煤"),
    ("台（套）", "台（套）"),
    ("台套", "台套"),
    ("人次", "人次"),
    ("辆次", "辆次"),
    ("场次", "场次"),
    ("批次", "批次"),
    ("家次", "家次"),
    ("户次", "户次"),
    ("小时", "小时"),
    ("张床位", "张"),
    ("㎡", "㎡"),
    ("m²", "㎡"),
    ("km", "公里"),
    ("MW", "兆瓦"),
    ("kW", "千瓦"),
    ("%", "%"),
    ("‰", "‰"),
    ("倍", "倍"),
    ("米", "米"),
    ("吨", "吨"),
    ("元", "元"),
    ("亩", "亩"),
    ("辆", "辆"),
    ("家", "家"),
    ("处", "处"),
    ("所", "所"),
    ("台", "台"),
    ("套", "套"),
    ("个", "个"),
    ("项", "项"),
    ("座", "座"),
    ("场", "场"),
    ("户", "户"),
    ("人", "人"),
    ("名", "名"),
    ("件", "件"),
    ("次", "次"),
    ("条", "条"),
    ("支", "支"),
    ("只", "只"),
    ("艘", "艘"),
    ("间", "间"),
    ("张", "张"),
    ("床", "床"),
    ("对", "对"),
    ("类", "类"),
    ("批", "批"),
    ("部", "部"),
    ("门", "门"),
    ("册", "册"),
    ("期", "期"),
    ("天", "天"),
    ("届", "届"),
    ("款", "款"),
    ("块", "块"),
    ("栋", "栋"),
    ("幢", "幢"),
    ("棵", "棵"),
    ("株", "株"),
    ("头", "头"),
    ("盏", "盏"),
    ("根", "根"),
    ("部电梯", "部"),
];
/// Units of measure that tell a rate or a limit and have no pace.
pub(super) const RATES: [&str; 5] = ["%", "‰", "个百分点", "倍", ":1"];
/// 百分之.
pub(super) const PERCENT: &str = "百分之";
/// What 百分之 becomes.
pub(super) const PERCENT_SIGN: &str = "%";

/// Words before a number and what they make of it, longest first of those that end alike.
pub(super) const BEFORE: [(&str, Comparator); 48] = [
    ("控制在", Comparator::AtMost),
    ("控制到", Comparator::AtMost),
    ("不超过", Comparator::AtMost),
    ("不高于", Comparator::AtMost),
    ("不多于", Comparator::AtMost),
    ("不大于", Comparator::AtMost),
    ("不低于", Comparator::AtLeast),
    ("不少于", Comparator::AtLeast),
    ("不小于", Comparator::AtLeast),
    ("不下于", Comparator::AtLeast),
    ("至少", Comparator::AtLeast),
    ("下降到", Comparator::AtMost),
    ("下降至", Comparator::AtMost),
    ("降低到", Comparator::AtMost),
    ("降低至", Comparator::AtMost),
    ("压减到", Comparator::AtMost),
    ("压减至", Comparator::AtMost),
    ("减少到", Comparator::AtMost),
    ("减少至", Comparator::AtMost),
    ("压缩到", Comparator::AtMost),
    ("压缩至", Comparator::AtMost),
    ("缩短到", Comparator::AtMost),
    ("缩短至", Comparator::AtMost),
    ("降到", Comparator::AtMost),
    ("降至", Comparator::AtMost),
    ("低于", Comparator::AtMost),
    ("小于", Comparator::AtMost),
    ("少于", Comparator::AtMost),
    ("超过", Comparator::Above),
    ("突破", Comparator::Above),
    ("高于", Comparator::Above),
    ("大于", Comparator::Above),
    ("多于", Comparator::Above),
    ("优于", Comparator::Above),
    ("大约", Comparator::About),
    ("接近", Comparator::About),
    ("约为", Comparator::About),
    ("约", Comparator::About),
    ("稳定在", Comparator::AtLeast),
    ("保持在", Comparator::AtLeast),
    ("提升到", Comparator::AtLeast),
    ("提升至", Comparator::AtLeast),
    ("提高到", Comparator::AtLeast),
    ("提高至", Comparator::AtLeast),
    ("增加到", Comparator::AtLeast),
    ("增长到", Comparator::AtLeast),
    ("达到", Comparator::AtLeast),
    ("达", Comparator::AtLeast),
];
/// Words before a number that are exact in speech but of which a plan has no sign: below 7 is read as at most 7.
pub(super) const STRICTLY_BELOW: [&str; 3] = ["低于", "小于", "少于"];
/// Words behind a number and its unit, and what they make of it.
pub(super) const BEHIND: [(&str, Comparator); 11] = [
    ("及以上", Comparator::AtLeast),
    ("以上", Comparator::AtLeast),
    ("及以内", Comparator::AtMost),
    ("以内", Comparator::AtMost),
    ("之内", Comparator::AtMost),
    ("及以下", Comparator::AtMost),
    ("以下", Comparator::AtMost),
    ("左右", Comparator::About),
    ("上下", Comparator::About),
    ("余", Comparator::AtLeast),
    ("多", Comparator::AtLeast),
];
/// Says that it is striven for and not promised.
pub(super) const STRIVEN: [&str; 3] = ["力争", "争取", "努力"];
/// Words between a name and its number that belong to neither.
pub(super) const TAILS: [&str; 22] = [
    "累计完成",
    "力争",
    "争取",
    "努力",
    "分别",
    "累计",
    "共计",
    "总计",
    "合计",
    "总数",
    "数量",
    "总量",
    "全部",
    "均",
    "都",
    "为",
    "至",
    "到",
    "在",
    "的",
    "共",
    "将",
];
/// Changes against a year; they end the name: 回收量增长.
pub(super) const CHANGES: [(&str, &str); 18] = [
    ("同比增长", "增长"),
    ("累计增长", "增长"),
    ("年均增长", "年均增长"),
    ("增长", "增长"),
    ("增加", "增长"),
    ("提升", "提升"),
    ("提高", "提高"),
    ("上升", "上升"),
    ("扩大", "扩大"),
    ("下降", "下降"),
    ("降低", "下降"),
    ("减少", "减少"),
    ("压减", "压减"),
    ("缩短", "缩短"),
    ("削减", "削减"),
    ("回升", "回升"),
    ("翻", "翻"),
    ("新增", "新增"),
];
/// Before and after the year that a change is counted from.
pub(super) const AGAINST: [&str; 4] = ["较", "比", "与", "在"];
/// Ends of the words about that year.
pub(super) const AGAINST_TAILS: [&str; 7] =
    ["底相比", "年底", "基础上", "相比", "同期", "底", "末"];
/// The year before, without its number.
pub(super) const YEAR_BEFORE: [&str; 3] = ["上年", "去年", "上一年"];

/// Words before a deadline.
pub(super) const UNTIL: [&str; 3] = ["到", "至", "截至"];
/// The last year of a five-year plan.
pub(super) const FIVE_YEARS: [(&str, i32); 3] =
    [("“十四五”", 2025), ("“十五五”", 2030), ("“十三五”", 2020)];
/// Ends of a deadline in a year, longest first, with month and day; a day past the month's end is its last.
pub(super) const YEAR_ENDS: [(&str, u32); 26] = [
    ("上半年底前", 6),
    ("年底之前", 12),
    ("年底以前", 12),
    ("年底前", 12),
    ("年末前", 12),
    ("年底", 12),
    ("年末", 12),
    ("底之前", 12),
    ("底以前", 12),
    ("底前", 12),
    ("末前", 12),
    ("上半年前", 6),
    ("上半年", 6),
    ("下半年", 12),
    ("一季度", 3),
    ("二季度", 6),
    ("三季度", 9),
    ("四季度", 12),
    ("第一季度", 3),
    ("第二季度", 6),
    ("第三季度", 9),
    ("第四季度", 12),
    ("以前", 12),
    ("之前", 12),
    ("底", 12),
    ("末", 12),
];
/// Ends of a month or a day in a deadline.
pub(super) const MONTH_ENDS: [&str; 7] = ["底以前", "底之前", "底前", "以前", "之前", "底", "前"];
/// Before the year's end.
pub(super) const EARLIER: [&str; 3] = ["前", "以前", "之前"];
/// The year of the plan, in words, longest first.
pub(super) const THIS_YEAR: [&str; 10] = [
    "今年年底前",
    "今年年底",
    "今年底前",
    "今年底",
    "今年内",
    "今年",
    "本年度",
    "年底前",
    "年内",
    "年底",
];
/// Every year, longest first.
pub(super) const EVERY_YEAR: [&str; 3] = ["每年度", "每一年", "每年"];

/// Says that things are there, of things told before.
pub(super) const IN_PLACE: &str = "到位";
/// Something that is finished when it is there: together with a deadline it is a milestone.
pub(super) const DONE: [&str; 30] = [
    "全面完成",
    "基本完成",
    "完成",
    "全面建成",
    "基本建成",
    "建成",
    "开工建设",
    "开工",
    "竣工",
    "投产",
    "投用",
    "投入使用",
    "投入运营",
    "通车",
    "验收",
    "淘汰",
    "普遍实现",
    "全面实现",
    "基本实现",
    "实现",
    "达标",
    "出台",
    "印发",
    "启动",
    "全覆盖",
    "基本建立",
    "基本形成",
    "清零",
    "挂牌",
    "上线",
];
/// Verbs that a second number of a list takes over from the first: 改造泵站6座、管网4公里.
pub(super) const VERBS: [&str; 24] = [
    "更新改造",
    "新建改建",
    "改造提升",
    "提升改造",
    "改造",
    "更新",
    "新增",
    "新建",
    "改建",
    "扩建",
    "建设",
    "建成",
    "培育",
    "完成",
    "推广",
    "淘汰",
    "举办",
    "开展",
    "组织",
    "引进",
    "打造",
    "创建",
    "整治",
    "修缮",
];
/// First words of a name that say nothing about what is counted, longest first.
pub(super) const HEADS: [&str; 37] = [
    "在全市范围内",
    "累计",
    "力争",
    "争取",
    "努力",
    "确保",
    "实现",
    "全市",
    "全县",
    "全区",
    "我市",
    "我县",
    "我区",
    "全省",
    "其中",
    "预计",
    "计划",
    "建成",
    "培育",
    "建设",
    "打造",
    "推动",
    "推进",
    "促进",
    "支持",
    "引导",
    "举办",
    "开展",
    "组织",
    "认定",
    "创建",
    "引进",
    "发展",
    "全面",
    "至少",
    "同时",
    "的",
];
/// Names that begin like such a word and mean something else.
pub(super) const NO_HEADS: [&str; 6] = [
    "建成区",
    "建设用",
    "组织化",
    "发展水平",
    "推进率",
    "计划生育",
];
/// Parts two things of one name; a name that is too long is cut behind one of these.
pub(super) const PARTERS: [char; 6] = ['、', '与', '和', '及', '的', '对'];
/// A milestone's words that are shorter without their end.
pub(super) const SHORTER: [(&str, &str); 2] = [("开工建设", "开工"), ("投入使用", "投用")];
/// Months and years behind a number are a duration.
pub(super) const DURATIONS: [char; 4] = ['年', '月', '日', '分'];
/// After a list that is cut short: what counts stands behind it.
pub(super) const AND_SO_ON: [&str; 2] = ["等重点", "等"];
/// Names of what begins anew every year.
pub(super) const FLOWS: [&str; 17] = [
    "回收量",
    "拆解量",
    "交易量",
    "销售量",
    "销量",
    "产量",
    "处理量",
    "利用量",
    "发电量",
    "吞吐量",
    "接待量",
    "销售额",
    "交易额",
    "投资额",
    "营业额",
    "收入",
    "产值",
];
/// The number tells how things are, not what is promised.
pub(super) const STATE: [&str; 12] = [
    "目前",
    "现有",
    "已有",
    "已建成",
    "已完成",
    "已达到",
    "已累计",
    "截至目前",
    "去年",
    "上年末",
    "现状",
    "近年来",
];
/// The number is a sum, a fee or a standard, not a target.
pub(super) const STANDARD: [&str; 18] = [
    "补贴",
    "补助",
    "奖励",
    "给予",
    "罚款",
    "贴息",
    "每台",
    "每辆",
    "每户",
    "每套",
    "每吨",
    "最高",
    "单价",
    "限额",
    "额度",
    "首付",
    "利率",
    "工作日",
];
/// The number belongs to something else: 前3名, 第5位.
pub(super) const ORDINALS: [char; 3] = ['第', '前', '号'];
/// Ends the noun behind a counted unit: 改造12所学校实现.
pub(super) const NOUN_ENDS: [&str; 8] =
    ["实现", "达到", "完成", "开展", "进行", "用于", "以上", "，"];
/// Once more, in words.
pub(super) const DOUBLE: &str = "翻一番";
/// What a number of times is, where no word says it.
pub(super) const GROWTH: &str = "增长";
