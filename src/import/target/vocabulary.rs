//! Words of targets: units of measure, comparators, deadlines, verbs.

use crate::plan::Comparator;

/// Before and behind the deadline of a number from which something rises or falls: 由2023年的70%提高到90%.
pub(super) const FROM: ([char; 2], char) = (['由', '从'], '的');
/// Ends a comparator and opens a deadline: 提高到2027年的90%.
pub(super) const TOWARDS: char = '到';
/// Gives the numbers of a list to its names or its deadlines, one to each.
pub(super) const RESPECTIVELY: [&str; 1] = ["分别"];
/// Gives one number to each of several deadlines, where no such sign stands before it: 平均.
pub(super) const EACH: ([&str; 2], [char; 6]) =
    (["各", "均"], ['平', '年', '人', '户', '亩', '月']);
/// Joins the last two of a list.
pub(super) const THEN: [char; 3] = ['和', '与', '及'];
/// Words that end like a comparator and are none.
pub(super) const NO_ABOUT: [&str; 13] = [
    "签约", "节约", "集约", "合约", "预约", "制约", "契约", "最近", "附近", "就近", "邻近", "临近",
    "靠近",
];
/// Signs before an item of a list that are no words.
pub(super) const PARTED: [char; 8] = ['●', '■', '◆', '○', '★', '*', '▲', '/'];
/// Behind the numeral of an item inside a sentence: 一是.
pub(super) const ITEM_IS: char = '是';

/// Words before a number and what they make of it, longest first of those that end alike.
pub(super) const BEFORE: [(&str, Comparator); 77] = [
    ("不得超过", Comparator::AtMost),
    ("不能超过", Comparator::AtMost),
    ("不得高于", Comparator::AtMost),
    ("不得低于", Comparator::AtLeast),
    ("不得少于", Comparator::AtLeast),
    ("达到或超过", Comparator::AtLeast),
    ("不突破", Comparator::AtMost),
    ("缩减到", Comparator::AtMost),
    ("缩减至", Comparator::AtMost),
    ("压降到", Comparator::AtMost),
    ("压降至", Comparator::AtMost),
    ("减至", Comparator::AtMost),
    ("降为", Comparator::AtMost),
    ("缩至", Comparator::AtMost),
    ("增加至", Comparator::AtLeast),
    ("增长至", Comparator::AtLeast),
    ("增至", Comparator::AtLeast),
    ("扩大到", Comparator::AtLeast),
    ("扩大至", Comparator::AtLeast),
    ("上升到", Comparator::AtLeast),
    ("上升至", Comparator::AtLeast),
    ("升至", Comparator::AtLeast),
    ("提到", Comparator::AtLeast),
    ("维持在", Comparator::AtLeast),
    ("超出", Comparator::Above),
    ("逾", Comparator::Above),
    ("将近", Comparator::About),
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
    ("超", Comparator::Above),
    ("近", Comparator::About),
];
/// Words before a number that are exact in speech but of which a plan has no sign: below 7 is read as at most 7.
pub(super) const STRICTLY_BELOW: [&str; 3] = ["低于", "小于", "少于"];
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
pub(super) const CHANGES: [(&str, &str); 27] = [
    ("同比提高", "提高"),
    ("同比下降", "下降"),
    ("累计下降", "下降"),
    ("年均提高", "年均提高"),
    ("年均下降", "年均下降"),
    ("年均增加", "年均增长"),
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
    ("净增", "净增"),
    ("压降", "下降"),
    ("缩减", "减少"),
];
/// Before and after the year that a change is counted from.
pub(super) const AGAINST: [&str; 4] = ["较", "比", "与", "在"];
/// Ends of the words about that year.
pub(super) const AGAINST_TAILS: [&str; 7] =
    ["底相比", "年底", "基础上", "相比", "同期", "底", "末"];
/// The year before, without its number.
pub(super) const YEAR_BEFORE: [&str; 3] = ["上年", "去年", "上一年"];

/// Says that things are there, of things told before.
pub(super) const IN_PLACE: &str = "到位";
/// Something that is finished when it is there: together with a deadline it is a milestone.
pub(super) const DONE: [&str; 41] = [
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
    "并网",
    "投运",
    "交付",
    "完工",
    "达产",
    "销号",
    "办结",
    "开放",
    "运营",
    "贯通",
    "摘牌",
];
/// Verbs that a second number of a list takes over from the first: 改造泵站6座、管网4公里.
pub(super) const VERBS: [&str; 58] = [
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
    "配备",
    "设立",
    "设置",
    "新购",
    "购置",
    "采购",
    "处置",
    "盘活",
    "划定",
    "储备",
    "接入",
    "攻克",
    "回收",
    "申报",
    "投放",
    "布设",
    "安装",
    "加装",
    "签约",
    "整合",
    "引入",
    "改建扩建",
    "修复",
    "治理",
    "疏浚",
    "种植",
    "拆除",
    "购买",
    "新设",
    "开通",
    "新开",
    "开设",
    "推出",
    "发放",
];
/// First words of a name that say nothing about what is counted, longest first.
pub(super) const HEADS: [&str; 43] = [
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
    "全部",
    "其余",
    "全年",
    "再",
    "各",
    "还",
];
/// Names that begin like such a word and mean something else.
pub(super) const NO_HEADS: [&str; 24] = [
    "建成区",
    "建设用",
    "组织化",
    "发展水平",
    "推进率",
    "计划生育",
    "各类",
    "各级",
    "各镇",
    "各乡",
    "各县",
    "各区",
    "各村",
    "各部",
    "各市",
    "再生",
    "再制",
    "再就",
    "还款",
    "还田",
    "全年无",
    "发展和",
    "建设局",
    "发展改",
];
/// Parts two things of one name; a name that is too long is cut behind one of these.
pub(super) const PARTERS: [char; 6] = ['、', '与', '和', '及', '的', '对'];
/// A milestone's words that are shorter without their end.
pub(super) const SHORTER: [(&str, &str); 2] = [("开工建设", "开工"), ("投入使用", "投用")];
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
pub(super) const STANDARD: [&str; 17] = [
    "补贴", "补助", "奖励", "给予", "罚款", "贴息", "每台", "每辆", "每户", "每套", "每吨", "最高",
    "单价", "限额", "额度", "首付", "利率",
];
/// The number is one of each of them, not of all.
pub(super) const PER_UNIT: [&str; 19] = [
    "每个",
    "每间",
    "每处",
    "每座",
    "每所",
    "每家",
    "每名",
    "每人",
    "每镇",
    "每村",
    "每月",
    "每季",
    "每周",
    "每日",
    "每天",
    "亩均投资",
    "每平方米",
    "每亩",
    "每公里",
];
/// Behind a number that only names something: 5号.
pub(super) const NUMBER_SIGN: char = '号';
/// Two in the names of things: 二次供水.
pub(super) const SECOND: char = '二';
/// The first of all is a word and no rank: 第一位.
pub(super) const FIRST: char = '一';
/// Ends the noun behind a counted unit: 改造12所学校实现.
pub(super) const NOUN_ENDS: [&str; 8] =
    ["实现", "达到", "完成", "开展", "进行", "用于", "以上", "，"];
/// What a number of times is, where no word says it.
pub(super) const GROWTH: &str = "增长";
