package codegen

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
)

// tag gives struct fields the tags that the options ask for.
func (b *builder) tag(fields []fieldData) {
	for i := range fields {
		all := b.tags(fields[i].column)
		if b.Options.DBTags {
			all = append(all, "db:"+strconv.Quote(fields[i].column.Name))
		}
		if b.Options.JSONTags {
			all = append(all, "json:"+strconv.Quote(b.jsonName(fields[i].column.Name)))
		}
		var tags []string
		for _, tag := range all { // the author's word comes first
			key, _, _ := strings.Cut(tag, ":")
			if !slices.ContainsFunc(tags, func(t string) bool { return strings.HasPrefix(t, key+":") }) {
				tags = append(tags, tag)
			}
		}
		slices.Sort(tags)
		if len(tags) > 0 {
			fields[i].Tag = literal(strings.Join(tags, " "))
		}
	}
}

// jsonName is the name of a column in JSON, as sqlc makes it.
func (n namer) jsonName(column string) string {
	words := strings.Split(unshouted(column), "_")
	switch n.options.JSONTagsCase {
	case "camel", "pascal":
		for i, word := range words {
			switch {
			case i == 0 && n.options.JSONTagsCase == "camel":
			case word == "id" && (n.options.JSONTagsIDUppercase || n.options.JSONTagsCase == "pascal"):
				words[i] = "ID"
			default:
				words[i] = upperFirst(word)
			}
		}
		return strings.Join(words, "")
	case "snake":
		return snake(column)
	default:
		return column
	}
}

// upperFirst writes the first letter of a word as a capital.
func upperFirst(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return word
	}
	return string(unicode.ToUpper(first)) + word[size:]
}

// snake writes createdAt as created_at.
func snake(name string) string {
	if strings.ContainsRune(name, '_') {
		return strings.ToLower(name)
	}
	var out strings.Builder
	var before rune
	for _, r := range name {
		if unicode.IsUpper(r) && before != 0 && !unicode.IsUpper(before) {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
		before = r
	}
	return out.String()
}

// tags returns the struct tags that the author wants on fields of the column. Of two
// for one key the block's own comes first.
func (t typer) tags(column infer.Column) []string {
	var tags []string
	for i := range t.options.Overrides {
		o := &t.options.Overrides[i]
		source := column.Source
		if o.Column != "" && source.Column != "" && o.MatchesColumn(source.Table, source.Column) ||
			o.DBType != "" && source.Declared != "" && o.MatchesType(source.Declared, !column.Nullable) {
			tags = append(tags, o.Tags()...)
		}
	}
	return tags
}
