//! An XML Schema (W3C XSD 1.0) of OzML, from the descriptions of the verbs.
//!
//! XSD has no names without regard to case, and none in any namespace: the schema knows the vendor's spelling in no
//! namespace only. It is no stricter than
//! the checker where it cannot be as exact, for instance about contexts and about values that may hold variables.

use std::fmt::Write as _;

use ozml::engine::{Children, Contexts, ParamSpec, Registry};

/// The schema of all scripts that use these verbs.
pub(super) fn schema(registry: &Registry) -> String {
    let mut schema = Schema::default();
    schema
        .text
        .push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    schema.open("schema", "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"");
    schema.documentation(concat!(
        "OzML scripts as ozml ",
        env!("CARGO_PKG_VERSION"),
        " knows them, in the vendor's spelling and in no namespace. Other cases, spellings and namespaces are OzML too: `ozml check` knows them."
    ));
    for root in ["Response", "OzML"] {
        schema.line("element", &format!("name=\"{root}\" type=\"Verbs\""));
    }
    for verb in registry.verbs() {
        schema.element(verb.name, verb.summary, verb.params, verb.children);
    }
    schema.verbs(registry);
    schema.simple_types();
    schema.close("schema");
    schema.text
}

/// The text so far, and how deep the next line is.
#[derive(Default)]
struct Schema {
    text: String,
    depth: usize,
}

impl Schema {
    /// A verb, or a part of one.
    fn element(&mut self, name: &str, summary: &str, params: &[ParamSpec], children: Children) {
        self.open("element", &format!("name=\"{name}\""));
        self.documentation(summary);
        self.open("complexType", "");
        match children {
            Children::Verbs => {
                self.line("group", "ref=\"Verbs\" minOccurs=\"0\" maxOccurs=\"unbounded\"");
                self.attributes(params);
            }
            Children::None => self.text_only(params),
            _ => {
                self.open("choice", "minOccurs=\"0\" maxOccurs=\"unbounded\"");
                for part in children.parts() {
                    self.element(part.name, part.summary, part.params, part.children);
                }
                self.close("choice");
                self.attributes(params);
            }
        }
        self.close("complexType");
        self.close("element");
    }

    fn text_only(&mut self, params: &[ParamSpec]) {
        let content = params.iter().any(|param| param.content && !param.http_only);
        let base = if content { "xs:string" } else { "Blank" };
        self.open("simpleContent", "");
        self.open("extension", &format!("base=\"{base}\""));
        self.attributes(params);
        self.close("extension");
        self.close("simpleContent");
    }

    /// The attributes of an element; those of other namespaces mean nothing in OzML and are allowed.
    fn attributes(&mut self, params: &[ParamSpec]) {
        for param in params.iter().filter(|param| !param.http_only) {
            self.attribute(param);
        }
        self.line("anyAttribute", "namespace=\"##other\" processContents=\"lax\"");
    }

    fn attribute(&mut self, param: &ParamSpec) {
        // The content parameter may stand between the tags instead.
        let required = !param.content && param.mandatory.contains(Contexts::SCRIPTS);
        let mut attributes = format!("name=\"{}\"", param.name);
        if param.words.is_empty() {
            attributes.push_str(" type=\"xs:string\"");
        }
        if required {
            attributes.push_str(" use=\"required\"");
        }
        self.open("attribute", &attributes);
        let default = param.default.map(|value| format!(", default {value}"));
        self.documentation(&format!(
            "{} ({}{})",
            param.summary,
            param.type_name,
            default.unwrap_or_default()
        ));
        if !param.words.is_empty() {
            self.words(param);
        }
        self.close("attribute");
    }

    /// One of a list of words, or a value with a variable in it.
    fn words(&mut self, param: &ParamSpec) {
        let reference = if param.references {
            "memberTypes=\"Reference\""
        } else {
            ""
        };
        self.open("simpleType", "");
        self.open("union", reference);
        self.open("simpleType", "");
        self.open("restriction", "base=\"xs:token\"");
        for word in param.words {
            self.line("enumeration", &format!("value=\"{}\"", escaped(word)));
        }
        for tag in ["restriction", "simpleType", "union", "simpleType"] {
            self.close(tag);
        }
    }

    /// Any verbs in any order, as a type and as a group.
    fn verbs(&mut self, registry: &Registry) {
        self.open("complexType", "name=\"Verbs\"");
        self.line("group", "ref=\"Verbs\" minOccurs=\"0\" maxOccurs=\"unbounded\"");
        self.line("anyAttribute", "namespace=\"##other\" processContents=\"lax\"");
        self.close("complexType");
        self.open("group", "name=\"Verbs\"");
        self.open("choice", "");
        for verb in registry.verbs() {
            self.line("element", &format!("ref=\"{}\"", verb.name));
        }
        self.close("choice");
        self.close("group");
    }

    fn simple_types(&mut self) {
        for (name, pattern) in [("Blank", r"\s*"), ("Reference", r"[\s\S]*[$][\s\S]*")] {
            self.open("simpleType", &format!("name=\"{name}\""));
            self.open("restriction", "base=\"xs:string\"");
            self.line("pattern", &format!("value=\"{pattern}\""));
            self.close("restriction");
            self.close("simpleType");
        }
    }

    fn documentation(&mut self, text: &str) {
        self.indent();
        let _ = writeln!(
            self.text,
            "<xs:annotation><xs:documentation>{}</xs:documentation></xs:annotation>",
            escaped(text)
        );
    }

    fn open(&mut self, tag: &str, attributes: &str) {
        self.tag(tag, attributes, ">");
        self.depth = self.depth.saturating_add(1);
    }

    fn line(&mut self, tag: &str, attributes: &str) {
        self.tag(tag, attributes, "/>");
    }

    fn tag(&mut self, tag: &str, attributes: &str, end: &str) {
        self.indent();
        let blank = if attributes.is_empty() { "" } else { " " };
        let _ = writeln!(self.text, "<xs:{tag}{blank}{attributes}{end}");
    }

    fn close(&mut self, tag: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        let _ = writeln!(self.text, "</xs:{tag}>");
    }

    fn indent(&mut self) {
        (0..self.depth).for_each(|_| self.text.push_str("  "));
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
