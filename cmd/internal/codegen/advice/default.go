package advice

import (
	"strconv"
	"strings"

	"github.com/silokit/silo/cmd/internal/codegen/infer"
	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

// unreadable says what to write in the place of a default that is a literal of another
// kind than a column's type, so that reading it would fail. It is empty for others.
func unreadable(declared infer.Type, fallback []sqltext.Token) string {
	fallback = unwrapped(fallback)
	sign := ""
	if len(fallback) == 2 && (fallback[0].Is("-") || fallback[0].Is("+")) {
		sign, fallback = fallback[0].Text, fallback[1:]
	}
	if len(fallback) != 1 {
		return ""
	}
	literal := fallback[0]
	var value string
	switch literal.Kind {
	case sqltext.Number:
		value = sign + strings.ReplaceAll(literal.Text, "_", "")
	case sqltext.String:
		value = strings.ReplaceAll(strings.Trim(literal.Text, "'"), "''", "'")
	case sqltext.Blob:
		value = "a blob"
	default:
		return "" // TRUE, NULL, CURRENT_TIME
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if hex, failed := strconv.ParseInt(value, 0, 64); failed == nil && literal.Kind == sqltext.Number {
		number, err = float64(hex), nil
	}
	switch declared {
	case infer.Bool:
		if err != nil || number != 0 && number != 1 {
			return "TRUE or FALSE"
		}
	case infer.Integer:
		if err != nil || number != float64(int64(number)) {
			return "an INTEGER"
		}
	case infer.Real:
		if err != nil {
			return "a number"
		}
	case infer.Blob:
		if literal.Kind != sqltext.Blob {
			return "a BLOB such as x''"
		}
	case infer.Text, infer.Time, infer.Json:
		if literal.Kind == sqltext.Blob {
			return "a TEXT"
		}
	}
	return ""
}

// unwrapped takes off the parentheses around an expression.
func unwrapped(tokens []sqltext.Token) []sqltext.Token {
	for len(tokens) > 1 && tokens[0].Is("(") && closing(tokens, 0) == len(tokens)-1 {
		tokens = tokens[1 : len(tokens)-1]
	}
	return tokens
}
