//! Words of responsibility clauses.

/// Labels of the units that lead, longest first.
pub(in crate::import) const LEAD_LABELS: [&str; 14] = [
    "牵头责任单位",
    "牵头负责单位",
    "主要责任单位",
    "第一责任单位",
    "牵头市级单位",
    "牵头单位",
    "牵头部门",
    "主办单位",
    "主办部门",
    "主责单位",
    "主责部门",
    "主管部门",
    "牵头",
    "主办",
];
/// Labels of the units that take part, longest first.
pub(in crate::import) const RESPONSIBLE_LABELS: [&str; 20] = [
    "配合责任单位",
    "责任单位及分工",
    "协同单位",
    "责任单位",
    "责任部门",
    "责任主体",
    "配合单位",
    "配合部门",
    "协办单位",
    "协办部门",
    "协助单位",
    "参与单位",
    "参加单位",
    "参与部门",
    "落实单位",
    "实施单位",
    "实施主体",
    "责任分工",
    "配合",
    "协办",
];
/// Labels of deadlines.
pub(in crate::import) const DUE_LABELS: [&str; 13] = [
    "计划完成时限",
    "计划完成时间",
    "完成时限要求",
    "完成时限",
    "完成时间",
    "完成期限",
    "完成节点",
    "办结时限",
    "时限要求",
    "时间要求",
    "时间节点",
    "时间安排",
    "时限",
];
/// Labels of people: a plan file asks units and knows the people by the roster.
pub(super) const PEOPLE_LABELS: [&str; 17] = [
    "牵头市领导",
    "牵头县领导",
    "牵头区领导",
    "责任市领导",
    "责任县领导",
    "包保县领导",
    "牵头领导",
    "责任领导",
    "分管领导",
    "包保领导",
    "挂钩领导",
    "联系领导",
    "牵头负责人",
    "分管负责人",
    "具体责任人",
    "责任人员",
    "责任人",
];
/// Ends of labels that are known without a colon.
pub(super) const LABEL_ENDS: [&str; 3] = ["单位", "部门", "主体"];
/// Behind such a label: 责任单位为市财政局.
pub(super) const IS: [char; 2] = ['为', '是'];
/// Last words of a deadline behind its label, where its line ends.
pub(super) const DUE_ENDS: [&str; 20] = [
    "年",
    "月",
    "日",
    "底",
    "底前",
    "前",
    "末",
    "内",
    "度",
    "旬",
    "坚持",
    "推进",
    "实施",
    "落实",
    "完成",
    "长期",
    "全年",
    "持续",
    "常态化",
    "之日",
];
/// Makes a unit the leading one: A牵头.
pub(super) const LEAD_VERBS: [&str; 8] = [
    "牵头组织实施",
    "牵头抓好落实",
    "牵头抓总",
    "牵头负责",
    "牵头落实",
    "总牵头",
    "牵头",
    "主办",
];
/// Behind the name of a unit in brackets: it leads.
pub(super) const LEAD_MARKS: [&str; 5] = ["牵头", "牵头单位", "牵头部门", "主办", "主责"];
/// Says which of a list leads: 排第一位的为牵头单位.
pub(super) const FIRST_OF_LIST: [&str; 8] = [
    "第一位的",
    "首位的",
    "第一个单位",
    "首个单位",
    "排第一的",
    "位列第一的",
    "在前的",
    "第一位单位",
];
/// Ends of names behind which the next name may follow without a sign.
pub(super) const GLUED_ENDS: [&str; 5] = ["局", "委员会", "中心", "公司", "管委会"];
/// Names that go on behind such an end: 国家税务总局乳山市税务局.
pub(super) const NO_GLUED: [&str; 2] = ["总局", "总公司"];
/// Around the leading unit where others take part: 以A为主.
pub(super) const MAINLY: (char, &str) = ('以', "为主");
/// Ends the list of those who take part, longest first.
pub(super) const VERBS: [&str; 33] = [
    "按照各自职责分工负责",
    "按各自职责分工负责",
    "按照职责分工负责",
    "按照职责分工落实",
    "根据职责分工负责",
    "依职责分工负责",
    "按职责分工负责",
    "按职责分工落实",
    "按职责分工配合",
    "按照职责分工",
    "按职责分工",
    "依职责分工",
    "分工负责",
    "分别负责",
    "共同负责",
    "按职责负责",
    "按职责配合",
    "负责落实",
    "具体负责",
    "具体落实",
    "抓好落实",
    "组织实施",
    "具体实施",
    "协同配合",
    "积极配合",
    "配合落实",
    "共同配合",
    "负责",
    "落实",
    "配合",
    "参与",
    "参加",
    "协办",
];
/// The list goes on beyond what is written.
pub(super) const AND_OTHERS: [&str; 11] = [
    "等有关部门单位",
    "等有关部门和单位",
    "等相关部门单位",
    "等有关部门",
    "等相关部门",
    "等有关单位",
    "等相关单位",
    "等市直部门",
    "等部门",
    "等单位",
    "等",
];
/// Words before the first unit.
pub(super) const OPENINGS: [&str; 8] = [
    "此项工作由",
    "此项任务由",
    "本项工作由",
    "该项工作由",
    "以上工作由",
    "由",
    "以",
    "请",
];
/// First words of the names of a county's own units.
pub(super) const LEVEL_NAMES: [&str; 14] = [
    "市", "县", "区", "省", "州", "旗", "镇", "乡", "各", "专班", "国家", "国网", "团", "街道",
];
/// Last words of names that are somebody's own whatever stands before.
pub(super) const SURE_ENDS: [&str; 7] = [
    "局",
    "供电公司",
    "供水公司",
    "水务公司",
    "燃气公司",
    "热力公司",
    "管委会",
];
/// First words that only look like a level: 市场主体, 区域中心, 乡镇卫生院.
pub(super) const NO_NAMES: [&str; 8] = [
    "市场",
    "市级",
    "县级",
    "区级",
    "省级",
    "区域",
    "乡镇卫",
    "各类",
];
/// In the names of those whom prose lets take part: nobody's own name.
pub(super) const ANYBODY: [&str; 10] = [
    "企业",
    "单位",
    "部门",
    "机构",
    "主体",
    "社会组",
    "第三方",
    "级医",
    "由",
    "经费",
];
/// Joins two units where a unit's name has just ended.
pub(super) const JOINS: [&str; 5] = ["以及", "会同", "和", "及", "与"];
/// The last of a list that is one name: 市有关部门、单位.
pub(super) const HALF_NAME: &str = "单位";
/// Ends of names that such a half belongs to.
pub(super) const HALF_OF: [&str; 2] = ["部门", "有关部门"];

/// Says that a unit takes part in everything without being named again: no more, one by one, listed.
pub(super) const NO_MORE: (&str, [&str; 9], [&str; 12]) = (
    "不再",
    [
        "一一",
        "逐一",
        "逐项",
        "逐条",
        "重复",
        "单独",
        "分别",
        "另行",
        "一一重复",
    ],
    [
        "列出", "列举", "列示", "列明", "注明", "标注", "标明", "写明", "说明", "罗列", "赘列",
        "列入",
    ],
);
/// The commonest of these; ends a clause without a label.
pub(super) const NOT_AGAIN: [&str; 3] = ["不再一一列出", "不再一一列举", "不再列出"];
/// Begins what such a sentence says; what stands before it is another matter.
pub(super) const EVERYWHERE_FIRST: [&str; 8] = [
    "以下",
    "以上",
    "上述",
    "本方案",
    "各项",
    "所有",
    "全部",
    "下列",
];
/// Words of that sentence around the units, longest first.
pub(super) const AROUND_EVERYWHERE: [&str; 43] = [
    "以下各项任务",
    "以下各项措施",
    "以下各项工作",
    "以上各项任务",
    "以上各项措施",
    "以上各项工作",
    "上述各项任务",
    "上述各项工作",
    "本方案各项任务",
    "以下任务",
    "以下各项",
    "以下工作",
    "以下措施",
    "以上任务",
    "以上各项",
    "以上工作",
    "上述任务",
    "上述工作",
    "各项任务",
    "各项工作",
    "各项措施",
    "所有任务",
    "全部任务",
    "以下",
    "以上",
    "上述",
    "各项",
    "任务",
    "均为责任单位",
    "为责任单位",
    "责任单位",
    "均需由",
    "均涉及",
    "均需",
    "均由",
    "均须",
    "都由",
    "共同",
    "均为",
    "均",
    "需",
    "由",
    "为",
];
/// Counts from here on.
pub(super) const FROM_HERE: &str = "以下";

/// Last words of what can be a unit.
pub(in crate::import) const UNIT_ENDS: [&str; 61] = [
    "局",
    "委",
    "办",
    "中心",
    "公司",
    "协会",
    "学会",
    "商会",
    "联合会",
    "工会",
    "妇联",
    "残联",
    "科协",
    "侨联",
    "工商联",
    "文联",
    "团市委",
    "团县委",
    "社",
    "院",
    "队",
    "站",
    "所",
    "处",
    "室",
    "馆",
    "行",
    "厅",
    "部",
    "署",
    "院校",
    "学校",
    "大学",
    "学院",
    "医院",
    "集团",
    "政府",
    "部门",
    "单位",
    "街道",
    "街道办事处",
    "办事处",
    "镇",
    "乡",
    "镇街",
    "区",
    "开发区",
    "度假区",
    "园区",
    "新区",
    "县",
    "市",
    "区县",
    "区市",
    "管委会",
    "委员会",
    "专班",
    "领导小组",
    "企业",
    "支队",
    "指挥部",
];
/// Words that a sentence has and the name of a unit has not.
pub(super) const NOT_IN_NAMES: [&str; 10] = [
    "推进", "推动", "加快", "实施", "完善", "开展", "提升", "支持", "鼓励", "落实",
];
