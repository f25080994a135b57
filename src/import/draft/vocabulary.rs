//! Sounds that a surname has and the sign elsewhere has not, and signs of a unit's own level.

/// Surnames that are not said as their signs are elsewhere.
pub(super) const SURNAME_SOUNDS: [(char, &str); 12] = [
    ('曾', "zeng"),
    ('单', "shan"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('查', "zha"),
    ('区', "ou"),
    ('朴', "piao"),
    ('盖', "ge"),
    ('尉', "wei"),
    ('乐', "yue"),
    ('翟', "zhai"),
    ('校', "xiao"),
];
/// Levels before a unit's name, which its id leaves out.
pub(super) const LEVELS: [char; 4] = ['市', '县', '区', '旗'];
/// Names that begin like a level.
pub(super) const NO_LEVEL: &str = "市场";
/// Stands for a unit that the text does not name.
pub(super) const UNKNOWN_UNIT: &str = "单位待定";
/// Stands for a person that the text does not name.
pub(super) const UNKNOWN_PERSON: &str = "待定";
/// Her post.
pub(super) const UNKNOWN_POST: &str = "专班办公室主任";
/// Ends the name of a task force whose text does not name it.
pub(super) const FORCE: &str = "工作专班";
/// Names a plan whose title is not to be found.
pub(super) const NO_TITLE: &str = "未命名";
/// Says that units are meant and names none.
pub(super) const VAGUE: [&str; 4] = ["有关部门", "相关部门", "有关单位", "相关单位"];
/// Number of the one section of a text without sections.
pub(super) const ONLY_SECTION: &str = "一";
