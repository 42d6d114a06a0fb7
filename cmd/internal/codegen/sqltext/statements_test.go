package sqltext_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/silokit/silo/cmd/internal/codegen/sqltext"
)

func TestStatementsEndAtTheSemicolonsBetweenThem(t *testing.T) {
	for name, tt := range map[string]struct {
		src  string
		want []string
	}{
		"nothing":            {"", []string{""}},
		"one without an end": {"SELECT 1", []string{"SELECT 1"}},
		"two":                {"SELECT ';'; SELECT 2 -- ;\n;", []string{"SELECT ';'", "SELECT 2 -- ;", ""}},
		"a trigger": {"CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; DELETE FROM c; END; SELECT 1",
			[]string{"CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; DELETE FROM c; END", "SELECT 1"}},
		"a temporary trigger": {"CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; SELECT 2",
			[]string{"CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", "SELECT 2"}},
		"a trigger with CASE before its body": {"CREATE TRIGGER t AFTER UPDATE ON a WHEN CASE new.b WHEN 1 THEN 1 END BEGIN SELECT 1; END; SELECT 2",
			[]string{"CREATE TRIGGER t AFTER UPDATE ON a WHEN CASE new.b WHEN 1 THEN 1 END BEGIN SELECT 1; END", "SELECT 2"}},
		"names such as those of a trigger": {`CREATE TABLE "trigger" ("begin"); SELECT 1`, []string{`CREATE TABLE "trigger" ("begin")`, "SELECT 1"}},
		"a transaction":                    {"BEGIN; SELECT 1; END", []string{"BEGIN", "SELECT 1", "END"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, statement := range sqltext.Statements(sqltext.Scan(tt.src)) {
				var text strings.Builder
				for _, token := range statement {
					text.WriteString(token.Text)
				}
				got = append(got, strings.TrimSpace(text.String()))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
