//! The READMEs against the program: examples read, and every setting, command and option stands in them.

use clap::CommandFactory;
use duban::calendar::HolidayTable;
use duban::cli::Arguments;
use duban::conversation::command::ALL;
use duban::plan::{self, Settings};
use duban::render::command::slash;

const ENGLISH: &str = include_str!("../README.md");
const CHINESE: &str = include_str!("../README.zh-CN.md");

/// Environment variables the program reads.
const ENVIRONMENT: [&str; 11] = [
    "TELOXIDE_TOKEN",
    "TELOXIDE_TOKEN_FILE",
    "TELOXIDE_API_URL",
    "TELOXIDE_PROXY",
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "DUBAN_MOVE_TO",
    "DUBAN_MOVE_TO_FILE",
    "DUBAN_WEBHOOK_SECRET",
    "DUBAN_WEBHOOK_SECRET_FILE",
    "RUST_LOG",
];

/// The fenced examples of one language.
fn examples<'a>(text: &'a str, language: &'a str) -> impl Iterator<Item = &'a str> {
    let fence = format!("```{language}\n");
    let parts: Vec<&str> = text.split(fence.as_str()).skip(1).collect();
    parts
        .into_iter()
        .map(|part| part.split("```").next().unwrap_or_default())
}

#[test]
fn the_plan_example_is_a_plan_without_mistakes() {
    let example = examples(ENGLISH, "toml").find(|it| it.contains("[task_force]"));
    let plan = plan::read(example.unwrap(), "README.md").unwrap();
    assert_eq!(plan.task_force.id.as_str(), "rushan");
    assert_eq!((plan.indicators.len(), plan.doubts.len()), (1, 1));
}

#[test]
fn the_holiday_example_is_a_table_without_mistakes() {
    for text in [ENGLISH, CHINESE] {
        let example = examples(text, "toml").find(|it| it.contains("[[holiday]]"));
        let table = HolidayTable::parse(example.unwrap(), "README").unwrap();
        assert_eq!((table.year, table.off.len()), (2026, 3));
    }
}

#[test]
fn every_setting_stands_in_the_table_with_its_default() {
    let written: toml::Table = Settings::default().written().parse().unwrap();
    let mut missing = Vec::new();
    for (key, value) in &written {
        let names: Vec<String> = match value {
            toml::Value::Table(table) => {
                table.keys().map(|name| format!("`{key}.{name}")).collect()
            }
            _ => vec![format!("`{key}`")],
        };
        missing.extend(names.into_iter().filter(|name| !ENGLISH.contains(name)));
    }
    let dates = toml::Table::try_from(written["rhythm"].clone()).unwrap();
    let lines = dates
        .values()
        .flat_map(|rhythm| rhythm.as_table().unwrap().values());
    let lines = lines.map(|line| format!("`\"{}\"`", line.as_str().unwrap()));
    missing.extend(lines.filter(|line| !ENGLISH.contains(line)));
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_option_and_variable_stands_in_the_readme() {
    let program = Arguments::command();
    let mut missing: Vec<String> = Vec::new();
    for command in program.get_subcommands() {
        let usage = format!("`duban {}", command.get_name());
        let options = command
            .get_arguments()
            .filter_map(|argument| argument.get_long());
        let options = options.map(|option| format!("--{option}"));
        let wanted = [usage].into_iter().chain(options);
        missing.extend(wanted.filter(|wanted| !ENGLISH.contains(wanted.as_str())));
    }
    let variables = ENVIRONMENT.map(|name| format!("`{name}`"));
    missing.extend(
        variables
            .into_iter()
            .filter(|name| !ENGLISH.contains(name.as_str())),
    );
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_command_stands_in_both_readmes() {
    for (name, text) in [("README.md", ENGLISH), ("README.zh-CN.md", CHINESE)] {
        let missing = ALL
            .map(slash)
            .into_iter()
            .filter(|command| !text.contains(command.as_str()));
        let missing: Vec<String> = missing.collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}

#[test]
fn the_office_reads_what_must_not_be_filed() {
    assert!(CHINESE.contains("不得填报涉密、工作秘密和个人敏感信息"));
}
