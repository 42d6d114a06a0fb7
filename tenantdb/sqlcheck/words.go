package sqlcheck

import "strings"

// words splits the text of a schema into what means something, written in one way:
// without comments and spaces, names without quotes and in lower case. Texts stay as
// they are, in single quotes.
func words(sql string) []string {
	var out []string
	for i := 0; i < len(sql); {
		rest := sql[i:]
		switch c := sql[i]; {
		case strings.IndexByte(" \t\r\n\f", c) >= 0:
			i++
		case strings.HasPrefix(rest, "--"):
			i += until(rest, 0, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += until(rest, 2, "*/")
		case c == '\'':
			end := closing(rest)
			out = append(out, rest[:end])
			i += end
		case c == '"' || c == '`':
			end := closing(rest)
			inside := strings.TrimSuffix(rest[1:end], string(c))
			out = append(out, strings.ToLower(strings.ReplaceAll(inside, string(c)+string(c), string(c))))
			i += end
		case c == '[':
			end := until(rest, 1, "]")
			out = append(out, strings.ToLower(strings.TrimSuffix(rest[1:end], "]")))
			i += end
		case inWord(c):
			end := 1
			for end < len(rest) && inWord(rest[end]) {
				end++
			}
			out = append(out, strings.ToLower(rest[:end]))
			i += end
		default:
			out = append(out, rest[:1])
			i++
		}
	}
	return out
}

// inWord reports whether a byte belongs to a name, a keyword or a number. The point of
// a number is a word of its own, as that between names is.
func inWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// until returns where in a text the mark ends that is next from a place, or the text's
// end.
func until(text string, from int, mark string) int {
	if at := strings.Index(text[from:], mark); at >= 0 {
		return from + at + len(mark)
	}
	return len(text)
}

// closing returns where the quotes end that a text begins with. A doubled quote stands
// for one.
func closing(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i] != text[0] {
			continue
		}
		if i+1 == len(text) || text[i+1] != text[0] {
			return i + 1
		}
		i++
	}
	return len(text)
}
