package codegen

import "testing"

func TestLineEndsWithinQuotesStay(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT\r1\r":                         "SELECT\r1\r",
		"\ufeffSELECT 1;\r\n-- c\r\nSELECT 2": "SELECT 1;\n-- c\nSELECT 2",
		"SELECT 'a\r\nb',\r\n \"c\r\nd\"":     "SELECT 'a\r\nb',\n \"c\r\nd\"",
	} {
		if got := unixLines(text); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
