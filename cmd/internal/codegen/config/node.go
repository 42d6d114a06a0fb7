package config

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/silokit/silo/cmd/internal/codegen/problem"
	"github.com/silokit/silo/internal/nearest"
)

// reader reads values of a YAML document, and notes what is wrong with them and where.
type reader struct {
	file     string
	lines    []string
	problems problem.List
}

// entry is a key of a mapping with its value.
type entry struct{ key, value *yaml.Node }

// problem notes an error about a node, or about the whole file.
func (r *reader) problem(node *yaml.Node, format string, args ...any) {
	at := r.place(node)
	r.problems.AddAt(r.file, at.Line, at.Column, format, args...)
}

// warn notes what is probably not meant.
func (r *reader) warn(node *yaml.Node, format string, args ...any) {
	at := r.place(node)
	r.problems.WarnAt(r.file, at.Line, at.Column, format, args...)
}

// place returns where a node stands, the column in bytes.
func (r *reader) place(node *yaml.Node) Place {
	if node == nil {
		return Place{}
	}
	column := node.Column
	if node.Line > 0 && node.Line <= len(r.lines) {
		column = byteColumn(r.lines[node.Line-1], column)
	}
	return Place{node.Line, column}
}

// lines splits a document where YAML does.
func lines(text string) []string {
	text = strings.TrimPrefix(text, "\ufeff")
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text), "\n")
}

// byteColumn makes a column that counts characters, as YAML's do, into one that counts
// bytes.
func byteColumn(line string, column int) int {
	for i := range line {
		if column == 1 {
			return i + 1
		}
		column--
	}
	return len(line) + column
}

// syntaxLine is the place that the YAML package writes in front of a message.
var syntaxLine = regexp.MustCompile(`^line (\d+): `)

// parserMessage matches what is wrong with the order of words that are right, each for
// itself.
var parserMessage = regexp.MustCompile(`^did not find expected (key|node content|'-' indicator|',' or '[\]}]'|<)`)

// unknownAnchor is the one message of the YAML package that has no place.
var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.+)' referenced$`)

// syntax notes why the YAML package cannot read the document. Its errors have no fields,
// so that the line has to be read from the text.
func (r *reader) syntax(data []byte, err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if place := syntaxLine.FindStringSubmatch(message); place != nil {
		line, _ = strconv.Atoi(place[1])
		message = message[len(place[0]):]
		if parserMessage.MatchString(message) {
			line++ // these the package counts from 0
		}
	} else if anchor := unknownAnchor.FindStringSubmatch(message); anchor != nil {
		line += bytes.Count(data[:max(0, bytes.Index(data, []byte("*"+anchor[1])))], []byte("\n"))
		r.problems.Add(r.file, line, "there is no &%s before *%s: write the anchor first, or the value itself", anchor[1], anchor[1])
		return
	} else if at := bytes.IndexFunc(data, unreadable); at >= 0 {
		line += bytes.Count(data[:at], []byte("\n"))
		r.problems.Add(r.file, line, "this is no text in UTF-8: save the file as UTF-8, without control characters")
		return
	}
	r.problems.Add(r.file, line, "this is no YAML: %s: look at the indentation (spaces, no tabs), colons, brackets and quotes around here", message)
}

// unreadable reports whether YAML refuses a character, or what stands for bytes that are
// none.
func unreadable(c rune) bool {
	return c == utf8.RuneError || c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f
}

// duplicates notes the keys that a mapping has twice, in the whole document: which of
// the two counts would be anyone's guess.
func (r *reader) duplicates(node *yaml.Node) {
	if node.Kind == yaml.MappingNode {
		first := map[string]*yaml.Node{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key := node.Content[i]
			if key.Kind != yaml.ScalarNode {
				continue
			}
			if before := first[key.Value]; before != nil {
				r.problem(key, "%s is already on line %d: remove one of the two", key.Value, before.Line)
				continue
			}
			first[key.Value] = key
		}
	}
	for _, child := range node.Content {
		r.duplicates(child)
	}
}

// resolve returns what an alias stands for, and other nodes as they are.
func resolve(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// entries returns the entries of a mapping, with those that it takes from others by <<
// behind its own. There are none in what is no mapping.
func entries(node *yaml.Node) []entry {
	var unique []entry
	seen := map[string]bool{}
	for _, e := range merged(node, map[*yaml.Node]bool{}) {
		if !seen[e.key.Value] {
			unique = append(unique, e)
		}
		seen[e.key.Value] = true
	}
	return unique
}

// merged returns the entries of a mapping and of those merged into it. Each of them is
// taken once, for one may be merged into itself.
func merged(node *yaml.Node, done map[*yaml.Node]bool) []entry {
	node = resolve(node)
	if node == nil || node.Kind != yaml.MappingNode || done[node] {
		return nil
	}
	done[node] = true
	var own, taken []entry
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := resolve(node.Content[i]), resolve(node.Content[i+1])
		switch {
		case key.ShortTag() != "!!merge":
			own = append(own, entry{key, value})
		case value.Kind == yaml.SequenceNode:
			for _, from := range value.Content {
				taken = append(taken, merged(from, done)...)
			}
		default:
			taken = append(taken, merged(value, done)...)
		}
	}
	return append(own, taken...)
}

// field returns the value of a mapping's key, or nil.
func field(node *yaml.Node, key string) *yaml.Node {
	for _, e := range entries(node) {
		if e.key.Value == key {
			return e.value
		}
	}
	return nil
}

// peek returns the value of a mapping's key if it is a string, and "" otherwise, also
// where the mapping is none. It is for looking ahead, for it notes nothing.
func peek(node *yaml.Node, key string) string {
	if value := field(node, key); isString(value) {
		return value.Value
	}
	return ""
}

func isString(node *yaml.Node) bool {
	return node != nil && node.Kind == yaml.ScalarNode && node.ShortTag() == "!!str"
}

// wrong notes that a value is of another kind than it should be. want says what to write.
func (r *reader) wrong(node *yaml.Node, what, want string) {
	r.problem(node, "%s is %s: write %s", what, kindOf(node), want)
}

// kindOf says what a node is.
func kindOf(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch node.ShortTag() {
	case "!!null":
		return "empty"
	case "!!str":
		if node.Value == "" {
			return "empty"
		}
		return fmt.Sprintf("the text %q", node.Value)
	case "!!bool":
		return node.Value + ", which YAML takes for a truth value"
	case "!!int", "!!float":
		return node.Value + ", which YAML takes for a number"
	case "!!timestamp":
		return node.Value + ", which YAML takes for a date"
	default:
		return "tagged " + node.ShortTag()
	}
}

// mapping returns the entries of a mapping. want is what to write in its place when it is
// something else.
func (r *reader) mapping(node *yaml.Node, what, want string) []entry {
	if node.Kind != yaml.MappingNode {
		r.wrong(node, what, want)
	}
	return entries(node)
}

// list returns the elements of a list.
func (r *reader) list(node *yaml.Node, what, want string) []*yaml.Node {
	if node.Kind != yaml.SequenceNode {
		r.wrong(node, what, want)
		return nil
	}
	all := make([]*yaml.Node, len(node.Content))
	for i, element := range node.Content {
		all[i] = resolve(element)
	}
	return all
}

// text returns a string that is not empty. ok is false, and a problem noted, where there
// is none.
func (r *reader) text(node *yaml.Node, what, want string) (value string, ok bool) {
	if !isString(node) || node.Value == "" {
		r.wrong(node, what, want)
		return "", false
	}
	return node.Value, true
}

// texts returns the strings of a list.
func (r *reader) texts(node *yaml.Node, what, want string) []string {
	all := []string{}
	for _, element := range r.list(node, what, want) {
		if value, ok := r.text(element, "an entry of "+what, "a name there"); ok {
			all = append(all, value)
		}
	}
	return all
}

// truth reads true or false.
func (r *reader) truth(node *yaml.Node, what string) bool {
	var value bool
	if node.Kind != yaml.ScalarNode || node.ShortTag() != "!!bool" || node.Decode(&value) != nil {
		r.wrong(node, what, "true or false")
	}
	return value
}

// unknown notes the keys of a mapping that mean nothing there.
func (r *reader) unknown(all []entry, where string, known []string) {
	for _, e := range all {
		if e.key.Kind != yaml.ScalarNode {
			r.problem(e.key, "a key of %s is %s: write a name", where, kindOf(e.key))
			continue
		}
		if !slices.Contains(known, e.key.Value) {
			r.problem(e.key, "%s has no key %s%s", where, e.key.Value, nearest.Suggestion(e.key.Value, known))
		}
	}
}
