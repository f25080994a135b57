//! Units of measure, and words around numbers.

use crate::plan::Comparator;

/// Before a unit of measure: 万辆.
pub(in crate::import::target) const SCALES: [char; 4] = ['百', '千', '万', '亿'];
/// Units of measure as written and as a plan file writes them, longest first of those that begin alike.
pub(in crate::import::target) const UNITS: [(&str, &str); 98] = [
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
    ("张床位", "张"),
    ("㎡", "㎡"),
    ("m²", "㎡"),
    ("km", "公里"),
    ("MW", "兆瓦"),
    ("kW", "千瓦"),
    ("KW", "千瓦"),
    ("MWh", "兆瓦时"),
    ("kWh", "千瓦时"),
    ("m³", "立方米"),
    ("m3", "立方米"),
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
    ("平米", "㎡"),
    ("蒸吨", "蒸吨"),
    ("微克", "微克"),
    ("毫克", "毫克"),
    ("兆伏安", "兆伏安"),
    ("千伏安", "千伏安"),
    ("千伏", "千伏"),
    ("分", "分"),
    ("眼", "眼"),
    ("架", "架"),
    ("趟", "趟"),
    ("份", "份"),
    ("篇", "篇"),
    ("标台", "标台"),
    ("标箱", "标箱"),
    ("克", "克"),
    ("公斤", "公斤"),
];
/// Lengths of time as written and as a plan file writes them, longest first of those that begin alike.
pub(in crate::import::target) const TIMES: [(&str, &str); 8] = [
    ("个工作日", "个工作日"),
    ("工作日", "个工作日"),
    ("个小时", "小时"),
    ("小时", "小时"),
    ("分钟", "分钟"),
    ("个月", "个月"),
    ("天", "天"),
    ("年", "年"),
];
/// Behind a unit of measure: for each of what.
pub(in crate::import::target) const PER: [&str; 10] = [
    "/平方米",
    "/立方米",
    "/亩",
    "/人",
    "/年",
    "/日",
    "/吨",
    "/辆",
    "/户",
    "/台",
];
/// Two of something, in words.
pub(in crate::import::target) const TWO: char = '两';
/// Signs of a number in words that stand for some.
pub(in crate::import::target) const ROUGH: [char; 2] = ['几', '数'];
/// Signs that scale the one before them in a number in words.
pub(in crate::import::target) const SMALL: [(char, u64); 3] =
    [('十', 10), ('百', 100), ('千', 1_000)];
/// Signs that scale all before them.
pub(in crate::import::target) const LARGE: [(char, u64); 2] = [('万', 10_000), ('亿', 100_000_000)];
/// Before the parts of one, in words: 三点五.
pub(in crate::import::target) const POINT: char = '点';
/// Tenths, in words: 三成; and what the same sign means before these: 成立.
pub(in crate::import::target) const TENTHS: (char, [char; 20]) = (
    '成',
    [
        '立', '为', '员', '果', '效', '绩', '本', '熟', '年', '功', '长', '型', '套', '片', '分',
        '批', '品', '交', '不', '群',
    ],
);
/// Ends of a quarter's name, so that the number before it counts nothing.
pub(in crate::import::target) const QUARTER: &str = "季度";
/// Between the two ends of a range, beside the dash.
pub(in crate::import::target) const THROUGH: [char; 2] = ['至', '到'];
/// Letters behind a digit that make a name: 5G, 5A, 10kV.
pub(in crate::import::target) const NAME_LETTERS: [&str; 10] =
    ["G", "K", "D", "S", "A", "C", "R", "V", "kV", "KV"];
/// Words behind digits that are the number of a telephone.
pub(in crate::import::target) const LINES: [&str; 3] = ["热线", "平台", "电话"];
/// Before and behind a rank: 前3名, 第5位; a rank may also end its sentence.
pub(in crate::import::target) const RANK: ([char; 2], [&str; 9]) = (
    ['前', '第'],
    [
        "名", "位", "强", "%", "行列", "之列", "水平", "方阵", "以内",
    ],
);
/// Signs that make another word of the one before a rank: 提前3天.
pub(in crate::import::target) const NO_RANK: [char; 12] = [
    '提', '目', '此', '当', '之', '以', '日', '月', '年', '底', '面', '天',
];
/// Within so many days.
pub(in crate::import::target) const WITHIN: [&str; 4] = ["日以内", "日之内", "日内", "日"];
/// Abstract things of which a text counts its own: 三个方面.
pub(in crate::import::target) const ABSTRACT: [&str; 32] = [
    "方面", "机制", "体系", "原则", "环节", "阶段", "层面", "领域", "重点", "导向", "融合", "中心",
    "维度", "统一", "结合", "坚持", "确保", "关键", "关系", "基本", "清单", "制度", "要素", "主体",
    "步骤", "工程", "行动", "任务", "举措", "措施", "维护", "转变",
];
/// Words behind a span of years in the name of a plan: 三年行动.
pub(in crate::import::target) const SPAN_NAMES: [&str; 7] =
    ["行动", "计划", "攻坚", "倍增", "滚动", "规划", "专项"];
/// Behind a single thing that stands for any: 一批企业.
pub(in crate::import::target) const ANY: [&str; 6] = ["批", "类", "期", "对", "门", "款"];
/// Units of things that are counted, so that a number in words before one is a number and no name.
pub(in crate::import::target) const THINGS: [&str; 24] = [
    "家",
    "所",
    "座",
    "处",
    "台",
    "辆",
    "套",
    "公里",
    "㎡",
    "亩",
    "户",
    "名",
    "吨",
    "艘",
    "栋",
    "幢",
    "元",
    "倍",
    "个百分点",
    "间",
    "张",
    "台（套）",
    "部",
    "千瓦",
];
/// Units of which one is something to be built or bought: 新建一座泵站.
pub(in crate::import::target) const LONE: [&str; 10] =
    ["家", "所", "座", "处", "栋", "幢", "台", "辆", "艘", "公里"];
/// Last signs of units by which things are told apart and not counted: 500万元以上企业20家.
pub(in crate::import::target) const QUALITIES: [char; 8] =
    ['元', '吨', '瓦', '㎡', '米', '里', '亩', '时'];
/// Between the two numbers of a fraction in words: 三分之一.
pub(in crate::import::target) const FRACTION: &str = "分之";
/// More than the number says, between it and its unit: 100余家.
pub(in crate::import::target) const MORE: [char; 2] = ['余', '多'];
/// Units of measure that tell a rate or a limit and have no pace.
pub(in crate::import::target) const RATES: [&str; 5] = ["%", "‰", "个百分点", "倍", ":1"];
/// 百分之.
pub(in crate::import::target) const PERCENT: &str = "百分之";
/// What 百分之 becomes.
pub(in crate::import::target) const PERCENT_SIGN: &str = "%";
/// Words behind a number and its unit, and what they make of it.
pub(in crate::import::target) const BEHIND: [(&str, Comparator); 12] = [
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
    ("内", Comparator::AtMost),
    ("多", Comparator::AtLeast),
];
/// Months and days behind a number are a date's.
pub(in crate::import::target) const DURATIONS: [char; 2] = ['月', '日'];
/// Before and behind how often something doubles: 翻一番, 翻番.
pub(in crate::import::target) const DOUBLE: (char, char) = ('翻', '番');
