//! Secrets from the environment, or from files that it names: never from what everybody sees in the list of processes.

use std::fs::File;
use std::io::Read;

use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};

/// Where the ledger lives unless told otherwise.
const DEFAULT_DATABASE: &str = "sqlite:data/duban.db";

/// No secret is longer, in bytes: a wrong file is noticed.
const MOST_BYTES: u64 = 4096;

/// A database of the command line or the environment.
#[derive(Debug, clap::Args)]
pub(super) struct Database {
    /// sqlite:PATH or postgres://…; else DATABASE_URL, or the file that DATABASE_URL_FILE names, or sqlite:data/duban.db.
    #[arg(long, value_name = "URL")]
    database_url: Option<SecretString>,
}

impl Database {
    /// The URL: it may hold a password.
    pub(super) fn url(&self) -> anyhow::Result<SecretString> {
        database_url(self.database_url.as_ref())
    }
}

/// The URL given, else that of the environment, else the usual one.
pub(super) fn database_url(given: Option<&SecretString>) -> anyhow::Result<SecretString> {
    Ok(match given {
        Some(given) => given.clone(),
        None => secret("DATABASE_URL")?.unwrap_or_else(|| DEFAULT_DATABASE.into()),
    })
}

/// The variable `name`, or what stands in the file that `name` with `_FILE` behind it names; spaces around it do not count.
///
/// # Errors
/// Both are set; the file cannot be read, is empty, or is far too long. Nothing of its content stands in the error.
pub(super) fn secret(name: &str) -> anyhow::Result<Option<SecretString>> {
    secret_of(name, variable)
}

/// A variable that is set to something.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

fn secret_of(
    name: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<Option<SecretString>> {
    let in_file = format!("{name}_FILE");
    match (variable(name), variable(&in_file)) {
        (Some(_), Some(_)) => bail!("{name} and {in_file} are both set; set one of them"),
        (Some(value), None) => Ok(Some(value.trim().into())),
        (None, Some(path)) => {
            let read = read(path.trim()).with_context(|| format!("{in_file}: reading {path}"))?;
            if read.expose_secret().is_empty() {
                bail!("{in_file}: {path} is empty");
            }
            Ok(Some(read))
        }
        (None, None) => Ok(None),
    }
}

fn read(path: &str) -> anyhow::Result<SecretString> {
    let mut text = String::new();
    let most = MOST_BYTES + 1;
    File::open(path)?.take(most).read_to_string(&mut text)?;
    if text.len() as u64 == most {
        bail!("it is longer than {MOST_BYTES} bytes, which no secret is");
    }
    Ok(text.trim().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)]) -> anyhow::Result<Option<String>> {
        let variable = |name: &str| {
            let found = set.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let secret = secret_of("TOKEN", variable)?;
        Ok(secret.map(|secret| secret.expose_secret().to_owned()))
    }

    #[test]
    fn a_secret_stands_in_the_environment_or_in_the_file_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "geheim\n").unwrap();
        let path = file.to_str().unwrap();
        assert_eq!(of(&[]).unwrap(), None);
        assert_eq!(of(&[("TOKEN", " offen ")]).unwrap().unwrap(), "offen");
        assert_eq!(of(&[("TOKEN_FILE", path)]).unwrap().unwrap(), "geheim");
        let both = of(&[("TOKEN", "offen"), ("TOKEN_FILE", path)]).unwrap_err();
        assert!(both.to_string().contains("both set"), "{both}");
    }

    #[test]
    fn a_file_that_holds_no_secret_is_named_without_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let path = file.to_str().unwrap();
        for (content, why) in [
            (None, "No such file"),
            (Some(b" \n".to_vec()), "is empty"),
            (Some(vec![b'x'; 5000]), "longer than 4096 bytes"),
            (Some(b"geheim\xff".to_vec()), "UTF-8"),
        ] {
            if let Some(content) = content {
                std::fs::write(&file, content).unwrap();
            }
            let error = of(&[("TOKEN_FILE", path)]).unwrap_err();
            let said = format!("{error:#}");
            assert!(said.contains(why) && said.contains("TOKEN_FILE"), "{said}");
            assert!(!said.contains("geheim") && !said.contains("xxx"), "{said}");
        }
    }

    #[test]
    fn a_database_url_is_not_shown_by_debug() {
        let database = Database {
            database_url: Some("postgres://duban:geheim@host/duban".into()),
        };
        let shown = format!("{database:?}");
        assert!(!shown.contains("geheim"), "{shown}");
        let url = database.url().unwrap();
        assert!(url.expose_secret().ends_with("@host/duban"));
    }
}
