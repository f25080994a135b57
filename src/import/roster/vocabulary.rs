//! Words of rosters: labels, titles of posts, surnames.

use super::Seat;

/// Labels before names, with their colon left out.
pub(super) const LABELS: [(&str, Seat); 24] = [
    ("常务副组长", Seat::Deputy),
    ("第一副组长", Seat::Deputy),
    ("副组长", Seat::Deputy),
    ("第一组长", Seat::Leader),
    ("组长", Seat::Leader),
    ("常务副总指挥", Seat::Deputy),
    ("副总指挥", Seat::Deputy),
    ("总指挥", Seat::Leader),
    ("副召集人", Seat::Deputy),
    ("总召集人", Seat::Leader),
    ("召集人", Seat::Leader),
    ("办公室常务副主任", Seat::Staff),
    ("办公室副主任", Seat::Staff),
    ("办公室主任", Seat::Chief),
    ("办公室成员", Seat::Staff),
    ("常务副主任", Seat::DeputyDirector),
    ("副主任委员", Seat::Deputy),
    ("主任委员", Seat::Leader),
    ("副主任", Seat::DeputyDirector),
    ("主任", Seat::Director),
    ("成员", Seat::Member),
    ("委员", Seat::Member),
    ("联络员", Seat::Liaison),
    ("联系人", Seat::Liaison),
];

/// Last words of a post.
pub(in crate::import) const TITLES: [&str; 52] = [
    "局长",
    "主任",
    "书记",
    "市长",
    "县长",
    "区长",
    "镇长",
    "乡长",
    "部长",
    "院长",
    "校长",
    "会长",
    "社长",
    "站长",
    "所长",
    "处长",
    "科长",
    "队长",
    "馆长",
    "行长",
    "厂长",
    "团长",
    "秘书长",
    "常委",
    "委员",
    "成员",
    "科员",
    "主席",
    "经理",
    "董事长",
    "调研员",
    "巡视员",
    "研究员",
    "督学",
    "警长",
    "政委",
    "教导员",
    "指导员",
    "支队长",
    "大队长",
    "工程师",
    "经济师",
    "会计师",
    "农艺师",
    "组长",
    "股长",
    "理事长",
    "监事长",
    "负责人",
    "专员",
    "总监",
    "二级警长",
];

/// First words of a post: what may stand behind a name.
pub(in crate::import) const POST_STARTS: [&str; 40] = [
    "市",
    "县",
    "区",
    "省",
    "州",
    "旗",
    "镇",
    "乡",
    "街道",
    "开发区",
    "高新区",
    "国家",
    "国网",
    "中国",
    "中共",
    "党组",
    "党委",
    "党工委",
    "政府",
    "人大",
    "政协",
    "纪委",
    "常委",
    "副市长",
    "副县长",
    "副区长",
    "局长",
    "副局长",
    "主任",
    "副主任",
    "书记",
    "副书记",
    "一级",
    "二级",
    "三级",
    "四级",
    "原",
    "兼",
    "第",
    "专职",
];

/// Surnames of two signs.
pub(in crate::import) const DOUBLE_SURNAMES: [&str; 10] = [
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "令狐", "慕容",
];

/// Surnames of one sign.
pub(super) const SURNAMES: &str = "\
     王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜\
     范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛\
     伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘\
     景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏\
     栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥蔺\
     云昌凤酆郁咸籍逄綦初矫邴战慕门泥邓逯亓綦展冷尚修麻衡步满弓牧隗山蓬郗班仰秋伊宓阚那曾毋沙须丰巢蒯红游竺权逮盍桓\
     闫肖";
/// Before whoever holds a seat: 组长由张三担任, 由张三任组长.
pub(super) const TELLERS: &str = "由";
/// Between a seat and whoever holds it.
pub(super) const IS: [&str; 2] = ["为", "是"];
/// Behind whoever holds a seat, the first two before the seat too.
pub(super) const HOLDS: [&str; 3] = ["担任", "兼任", "组成"];
/// The same in short: before a seat, or behind its holder at the end of a part of a sentence.
pub(super) const UNDER: char = '任';
/// Ends a list of those that something is made of.
pub(super) const MADE_OF: &str = "组成";
/// Behind a name.
pub(super) const COMRADES: [&str; 6] = ["同志", "等", "分别", "共同", "（兼）", "具体"];
/// Signs that part two names like 、.
pub(super) const LIST_JOINS: [char; 3] = ['和', '及', '与'];
/// Before a word that is part of a longer seat: 副组长, 小组长.
pub(super) const NO_OFFICE: [char; 2] = ['副', '小'];
/// Ends the title of a post, not what somebody holds.
pub(super) const DIRECTOR: &str = "主任";
/// What stands between the parts of a name of another people.
pub(super) const NAME_DOT: char = '·';
/// Members that are units and no people: 成员单位.
pub(super) const UNIT_MEMBERS: &str = "单位";
/// Begins what is no name of a person, though its first sign is a surname.
pub(super) const NO_PERSON: [&str; 12] = [
    "常务", "常委", "党组", "党委", "党工", "高级", "单位", "成员", "商务", "水利", "农业", "公安",
];
/// Ends the name of a group below a task force.
pub(super) const GROUP: char = '组';
/// Words with that sign that are no such group: before it, and with the sign behind it.
pub(super) const NO_GROUP: ([&str; 4], [char; 9]) = (
    ["领导小组", "党组", "专班组", "机组"],
    ['织', '成', '长', '建', '员', '合', '团', '装', '件'],
);
/// Begins those who are many: 各镇镇长.
pub(super) const MANY: char = '各';
