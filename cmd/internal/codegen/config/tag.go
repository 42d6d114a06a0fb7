package config

import (
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

const tagForm = `write it as in Go: json:"name,omitempty" validate:"required"`

// structTag reads go_struct_tag, and returns it with one space between the tags.
func (r *reader) structTag(node *yaml.Node) string {
	text, ok := r.text(node, "go_struct_tag", strings.TrimPrefix(tagForm, "write "))
	if !ok {
		return ""
	}
	if strings.Contains(text, "`") {
		r.problem(node, "go_struct_tag: a backquote ends a tag in generated code: take it out")
		return ""
	}
	seen := map[string]bool{}
	tags, rest := splitTags(text)
	if rest != "" {
		r.problem(node, "go_struct_tag: cannot read %s: %s", rest, tagForm)
		return ""
	}
	for _, tag := range tags {
		key, _, _ := strings.Cut(tag, ":")
		if seen[key] {
			r.problem(node, "go_struct_tag has the tag %s twice: remove one of the two", key)
		}
		seen[key] = true
	}
	return strings.Join(tags, " ")
}

// Tags returns the tags of StructTag, each as key:"value".
func (o *Override) Tags() []string {
	tags, _ := splitTags(o.StructTag)
	return tags
}

// splitTags splits a struct tag as package reflect does. rest is what it cannot read.
func splitTags(text string) (tags []string, rest string) {
	for text = strings.Trim(text, " "); text != ""; text = strings.TrimLeft(text, " ") {
		end := strings.IndexFunc(text, func(c rune) bool { return c <= ' ' || c == ':' || c == '"' || c == 0x7f })
		if end < 1 || !strings.HasPrefix(text[end:], `:"`) {
			return tags, text
		}
		quoted, err := strconv.QuotedPrefix(text[end+1:])
		if err != nil {
			return tags, text
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return tags, text
		}
		tags = append(tags, fmt.Sprintf("%s:%q", text[:end], value))
		text = text[end+1+len(quoted):]
	}
	return tags, ""
}
