//! The page that outsiders read, taken apart: programs and commands exactly as printed.

use testkit::stack::repository_root;

pub(crate) struct Page(String);

impl Page {
    pub(crate) fn read() -> Self {
        Self(std::fs::read_to_string(repository_root().join("docs/events.md")).unwrap())
    }

    /// The text of a section up to the next heading of the same or a higher level.
    fn section(&self, heading: &str) -> &str {
        let (_, rest) = self
            .0
            .split_once(&format!("\n{heading}\n"))
            .unwrap_or_else(|| panic!("docs/events.md has no {heading:?}"));
        let level = heading.split(' ').next().unwrap().len();
        let end = rest
            .match_indices("\n#")
            .find(|(at, _)| {
                rest[at + 1..]
                    .split(' ')
                    .next()
                    .is_some_and(|marks| marks.len() <= level)
            })
            .map_or(rest.len(), |(at, _)| at);
        &rest[..end]
    }

    /// The code blocks of a language in a section.
    fn blocks(&self, heading: &str, language: &str) -> Vec<String> {
        self.section(heading)
            .split(&format!("```{language}\n"))
            .skip(1)
            .map(|rest| rest.split("```").next().unwrap().to_owned())
            .collect()
    }

    /// The one program of a section.
    pub(crate) fn program(&self, heading: &str, language: &str) -> String {
        let mut programs = self.blocks(heading, language);
        assert_eq!(programs.len(), 1, "{heading} has one program");
        programs.remove(0)
    }

    /// The commands of a section, line by line.
    pub(crate) fn commands(&self, heading: &str) -> Vec<String> {
        let before_subsections = |block: &String| !block.is_empty();
        let blocks = self.blocks(heading, "sh").into_iter().filter(before_subsections);
        blocks
            .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// What makes the application: the first command of the section about applications outside.
    pub(crate) fn creation(&self) -> String {
        self.commands("## Outside").remove(0)
    }
}
