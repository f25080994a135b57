//! Words that number and name the parts of a plan.

/// Before and after the number of an article: 第一条.
pub(super) const ORDINAL: char = '第';
/// After the number of an article.
pub(super) const ARTICLE: char = '条';
/// After the number of a part: 第一章.
pub(super) const PARTS: [char; 4] = ['章', '节', '部', '篇'];
/// The rest of 第一部分.
pub(super) const PART_TAIL: char = '分';

/// Begins an annex.
pub(in crate::import) const ANNEX: &str = "附件";

/// Titles of parts that say what the whole plan is for: their targets are general ones.
pub(super) const GENERAL: [&str; 18] = [
    "总体要求",
    "总体目标",
    "总体思路",
    "总体安排",
    "工作目标",
    "主要目标",
    "发展目标",
    "行动目标",
    "目标任务",
    "任务目标",
    "指导思想",
    "基本原则",
    "工作原则",
    "工作思路",
    "工作要求",
    "基本要求",
    "背景",
    "现状",
];

/// Titles of parts about who belongs to the task force and what it does.
pub(super) const ORGANISATION: [&str; 12] = [
    "组织架构",
    "组织机构",
    "组成人员",
    "人员组成",
    "成员名单",
    "工作专班",
    "领导小组",
    "工作职责",
    "主要职责",
    "职责分工",
    "工作机制",
    "工作规则",
];

/// Titles of parts that say who does what, unit by unit.
pub(super) const DIVISION: [&str; 4] = ["职责分工", "任务职责", "部门分工", "职责任务"];

/// Ends of titles of parts whose articles are no measures unless they name units: 总则, 附则, 攻坚目标.
pub(super) const FRAME: [&str; 5] = ["总则", "附则", "目标", "原则", "期限"];

/// Ends the title of a part about duties.
pub(in crate::import) const DUTIES: &str = "职责";

/// Last words of a plan's title, the likeliest first.
pub(in crate::import) const PLANS: [&str; 14] = [
    "方案",
    "行动计划",
    "计划",
    "实施意见",
    "意见",
    "若干措施",
    "措施",
    "规划",
    "工作要点",
    "要点",
    "任务清单",
    "清单",
    "安排",
    "办法",
];

/// Words between the plan's subject and the last word of its title.
pub(in crate::import) const PLAN_KINDS: [&str; 14] = [
    "工作落实",
    "贯彻落实",
    "三年行动",
    "专项行动",
    "行动实施",
    "工作实施",
    "实施",
    "落实",
    "工作",
    "行动",
    "若干",
    "任务",
    "专项",
    "的",
];

/// Opens the sentence that names the plan.
pub(in crate::import) const ISSUED: [&str; 3] = ["现将《", "印发《", "《"];
/// Behind the body in the title of a notice.
pub(in crate::import) const NOTICE: &str = "关于印发";
/// First words of a plan's text, after its title.
pub(in crate::import) const OPENINGS: [&str; 12] = [
    "为深入",
    "为贯彻",
    "为认真",
    "为全面",
    "为进一步",
    "为加快",
    "为推动",
    "为切实",
    "为扎实",
    "为做好",
    "根据",
    "按照",
];
/// Before and after the number of a document: 乳政发〔2024〕5号.
pub(in crate::import) const NUMBER_END: char = '号';
/// Last words of the name of a body that issues plans.
pub(in crate::import) const BODIES: [&str; 9] = [
    "人民政府办公室",
    "人民政府",
    "政府办公室",
    "委员会办公室",
    "委员会",
    "办公室",
    "领导小组",
    "工作专班",
    "局",
];
/// Begins the name of a body of the Party.
pub(in crate::import) const PARTY: &str = "中共";
/// Lines around a plan that say nothing about it.
pub(in crate::import) const COURTESIES: [&str; 9] = [
    "此件公开发布",
    "此件主动公开",
    "此件依申请公开",
    "公开发布",
    "主动公开",
    "印发给你们",
    "请结合实际",
    "通知如下",
    "抓好贯彻落实",
];
/// Month and day.
pub(in crate::import) const MONTH: char = '月';
/// Day, in both forms.
pub(in crate::import) const DAYS: [char; 2] = ['日', '号'];

/// Last words of a task force's name.
pub(in crate::import) const TASK_FORCES: [&str; 5] =
    ["工作专班", "领导小组", "专班", "指挥部", "联席会议"];
/// Further words for a task force in a sentence about what it does.
pub(in crate::import) const FORCES: [&str; 2] = ["专班办公室", "领导小组办公室"];
/// Its office, at the head of a sentence.
pub(in crate::import) const OFFICE: &str = "办公室";
/// Before what the task force or its office does.
pub(in crate::import) const OFFICE_DOES: [&str; 5] =
    ["负责", "承担", "职责：", "职责是", "主要任务"];
/// Before the name of a task force.
pub(in crate::import) const FOUNDED: [&str; 4] = ["成立", "设立", "组建", "建立"];
/// Where the office sits: 办公室设在市发展和改革局.
pub(in crate::import) const OFFICE_AT: [&str; 4] =
    ["办公室设在", "办公室设于", "办公室设立在", "办公室依托"];
/// Who heads it: 办公室主任由某某兼任, 某某同志兼任办公室主任.
pub(in crate::import) const CHIEF_IS: [&str; 2] = ["办公室主任由", "主任由"];
/// Before a seat that is not the head's.
pub(in crate::import) const DEPUTY: char = '副';
/// What follows a name there.
pub(in crate::import) const CHIEF_TAILS: [&str; 5] = ["同志", "兼任", "担任", "同时", "任"];
/// Last signs of the name of a place with a government.
pub(in crate::import) const PLACES: [char; 6] = ['市', '县', '区', '旗', '州', '省'];
/// Words that end like the name of a place and are none.
pub(in crate::import) const NO_PLACES: [&str; 14] = [
    "强市", "全市", "城市", "都市", "城区", "街区", "园区", "社区", "校区", "景区", "小区", "山区",
    "厂区", "片区",
];
