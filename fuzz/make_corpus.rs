//! Makes the start corpus of updates from the Bot API's specification as JSON (types with their fields), which is not part of this project:
//! `cargo run --example make_corpus -- SPECIFICATION.json` writes `updates.jsonl` and `fields.txt` beside this file.
//!
//! `updates.jsonl` holds one update a line: of every kind the least there can be of it, then all of it, then for every type that an
//! update can hold one in which an object of this type stands with every field it has. `fields.txt` says of every line what it is:
//! `kind NAME`, or the pointer to that object, its type and its fields.

use std::collections::{BTreeMap, VecDeque};
use std::error::Error;
use std::path::Path;

use serde_json::{Map, Value, json};

/// A way from an update down to a type: fields (`name`), places in a list (`0`) and choices among subtypes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    Subtype(String),
    Item,
}

type Way = Vec<Step>;

struct Field<'a> {
    name: &'a str,
    kind: &'a str,
    is_required: bool,
    description: &'a str,
}

struct Specification {
    types: Map<String, Value>,
    /// How deep the least object of a type is.
    depths: BTreeMap<String, usize>,
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    let list = value.and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

impl Specification {
    fn new(types: Map<String, Value>) -> Self {
        let mut specification = Self {
            types,
            depths: BTreeMap::new(),
        };
        let names: Vec<String> = specification.types.keys().cloned().collect();
        loop {
            let before = specification.depths.len();
            for name in &names {
                if !specification.depths.contains_key(name)
                    && let Some(depth) = specification.depth_of(name)
                {
                    specification.depths.insert(name.clone(), depth);
                }
            }
            if specification.depths.len() == before {
                return specification;
            }
        }
    }

    fn fields(&self, name: &str) -> Vec<Field<'_>> {
        let list = self.types.get(name).and_then(|it| it.get("fields"));
        let list = list.and_then(Value::as_array).into_iter().flatten();
        let field = |it: &'_ Value| -> Option<(String, bool)> {
            Some((
                texts(it.get("types")).first()?.to_string(),
                it.get("required")?.as_bool()?,
            ))
        };
        list.filter_map(|it| {
            let (_, is_required) = field(it)?;
            Some(Field {
                name: text(it, "name"),
                kind: texts(it.get("types")).first().copied()?,
                is_required,
                description: text(it, "description"),
            })
        })
        .collect()
    }

    fn subtypes(&self, name: &str) -> Vec<&str> {
        texts(self.types.get(name).and_then(|it| it.get("subtypes")))
    }

    /// None while what it needs is not known.
    fn depth_of(&self, name: &str) -> Option<usize> {
        let known = |kind: &str| match self.types.contains_key(kind) {
            true => self.depths.get(kind).copied(),
            false => Some(0),
        };
        let subtypes = self.subtypes(name);
        if !subtypes.is_empty() {
            return subtypes.into_iter().filter_map(known).min();
        }
        let required = self
            .fields(name)
            .into_iter()
            .filter(|field| field.is_required);
        let depths: Option<Vec<usize>> = required
            .map(|field| known(field.kind.trim_start_matches("Array of ")))
            .collect();
        Some(depths?.into_iter().max().unwrap_or(0) + 1)
    }

    /// The shortest way to every type that an update can hold.
    fn ways(&self) -> BTreeMap<String, Way> {
        let mut ways = BTreeMap::new();
        let mut queue = VecDeque::from([("Update".to_owned(), Way::new())]);
        while let Some((kind, way)) = queue.pop_front() {
            if let Some(item) = kind.strip_prefix("Array of ") {
                queue.push_back((item.to_owned(), [way, vec![Step::Item]].concat()));
                continue;
            }
            if !self.types.contains_key(&kind) || ways.contains_key(&kind) {
                continue;
            }
            for subtype in self.subtypes(&kind) {
                let step = Step::Subtype(subtype.to_owned());
                queue.push_back((subtype.to_owned(), [way.clone(), vec![step]].concat()));
            }
            for field in self.fields(&kind) {
                let step = Step::Field(field.name.to_owned());
                queue.push_back((field.kind.to_owned(), [way.clone(), vec![step]].concat()));
            }
            ways.insert(kind, way);
        }
        ways
    }

    /// A value of this kind: along the way as it says, at its end with everything (`whole`), elsewhere the least.
    fn value(&self, kind: &str, field: &Field<'_>, way: Option<&[Step]>, whole: bool) -> Value {
        if let Some(item) = kind.strip_prefix("Array of ") {
            let way = way.map(|way| way.get(1..).unwrap_or_default());
            return json!([self.value(item, field, way, whole)]);
        }
        let subtypes = self.subtypes(kind);
        if let (Some([Step::Subtype(subtype), rest @ ..]), false) = (way, subtypes.is_empty()) {
            return self.value(subtype, field, Some(rest), whole);
        }
        if !subtypes.is_empty() {
            let depth = |subtype: &&&str| self.depths.get(**subtype).copied().unwrap_or(0);
            let least = subtypes
                .iter()
                .min_by_key(depth)
                .copied()
                .unwrap_or("String");
            return self.value(least, field, None, whole);
        }
        if !self.types.contains_key(kind) {
            return plain(kind, field);
        }
        let mut object = Map::new();
        let is_end = whole && way.is_some_and(<[Step]>::is_empty);
        for field in self.fields(kind) {
            let goes_on = match way {
                Some([Step::Field(next), rest @ ..]) if next == field.name => Some(rest),
                _ => None,
            };
            if field.is_required || is_end || goes_on.is_some() {
                let value = self.value(field.kind, &field, goes_on, whole);
                object.insert(field.name.to_owned(), value);
            }
        }
        Value::Object(object)
    }

    fn update(&self, way: &[Step], whole: bool) -> Value {
        let none = Field {
            name: "",
            kind: "Update",
            is_required: true,
            description: "",
        };
        self.value("Update", &none, Some(way), whole)
    }
}

/// A value without fields, as the field's description wants it where it says so.
fn plain(kind: &str, field: &Field<'_>) -> Value {
    let quoted = |mark: &str| {
        let (_, rest) = field.description.split_once(mark)?;
        let rest = rest.trim_start_matches(['"', '\u{201c}']);
        rest.split(['"', '\u{201d}', ' ', ','])
            .next()
            .map(str::to_owned)
    };
    match (kind, field.name) {
        ("Integer", "date") => json!(1_795_400_000),
        ("Integer", _) => json!(101),
        ("Float", _) => json!(0.5),
        ("Boolean", "is_bot") => json!(false),
        ("Boolean", _) => json!(true),
        _ => {
            let fixed = quoted("always ").or_else(|| quoted("must be "));
            let first = || quoted("can be either ").or_else(|| quoted("can be "));
            json!(
                fixed
                    .or_else(first)
                    .unwrap_or_else(|| field.name.to_owned())
            )
        }
    }
}

fn pointer(way: &[Step]) -> String {
    let steps = way.iter().map(|step| match step {
        Step::Field(name) => format!("/{name}"),
        Step::Item => "/0".to_owned(),
        Step::Subtype(_) => String::new(),
    });
    steps.collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("the specification's path is missing")?;
    let source: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let types = source
        .get("types")
        .and_then(Value::as_object)
        .ok_or("there are no types")?;
    let specification = Specification::new(types.clone());
    let mut lines = Vec::new();
    for field in specification.fields("Update") {
        if field.name != "update_id" {
            let way = [Step::Field(field.name.to_owned())];
            for whole in [false, true] {
                let update = specification.update(&way, whole);
                lines.push((format!("kind {}", field.name), update));
            }
        }
    }
    for (kind, way) in specification.ways() {
        let fields = specification.fields(&kind);
        if kind == "Update" || fields.is_empty() {
            continue;
        }
        let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let what = format!("{} {kind} {}", pointer(&way), names.join(" "));
        lines.push((what, specification.update(&way, true)));
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let (mut updates, mut fields) = (String::new(), String::new());
    for (at, (what, mut update)) in lines.into_iter().enumerate() {
        update["update_id"] = json!(at + 1);
        updates.push_str(&format!("{update}\n"));
        fields.push_str(&format!("{what}\n"));
    }
    std::fs::write(beside.join("updates.jsonl"), updates)?;
    std::fs::write(beside.join("fields.txt"), fields)?;
    Ok(())
}
