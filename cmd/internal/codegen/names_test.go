package codegen

import (
	"testing"

	"github.com/silokit/silo/cmd/internal/codegen/config"
)

func TestNamesAreThoseThatSQLCMakes(t *testing.T) {
	n := namer{&config.Options{Rename: map[string]string{"stores": "Shop", "url": "URL"}, KeepNames: []string{"kudos"}}}
	for name, want := range map[string]string{
		"id":           "ID",
		"module_id":    "ModuleID",
		"id_card":      "IDCard",
		"started_ms":   "StartedMs",
		"ids":          "Ids",
		"two words":    "TwoWords",
		"createdAt":    "CreatedAt",
		"größe":        "Größe",
		"url":          "URL",
		"_hidden":      "Hidden",
		"already_Good": "AlreadyGood",
		"2fa":          "X2fa",
		"COUNT_RECORD": "CountRecord",
		"USER_ID":      "UserID",
		"TOTAL":        "Total",
		"URL":          "URL",
		"iPhone_X":     "IPhoneX",
	} {
		if got := n.goName(name); got != want {
			t.Errorf("column %s is %s, want %s", name, got, want)
		}
	}
	for table, want := range map[string]string{
		"modules":        "Module",
		"audit_log":      "AuditLog",
		"addresses":      "Address",
		"campus":         "Campus",
		"user_calories":  "UserCalory",
		"calories":       "Calorie",
		"waves":          "Wave",
		"metadata":       "Metadata",
		"people":         "Person",
		"stores":         "Shop",
		"kudos":          "Kudos",
		"tenant_monthly": "TenantMonthly",
		"AUDIT_LOGS":     "AuditLog",
		"STORES":         "Shop",
		"KUDOS":          "Kudos",
	} {
		if got := n.modelName(table); got != want {
			t.Errorf("table %s is %s, want %s", table, got, want)
		}
	}
}

func TestParametersBeginWithASmallWord(t *testing.T) {
	n := namer{&config.Options{Initialisms: []string{"pr", "url", "id"}, Rename: map[string]string{"pr_id": "PRNumber"}}}
	for name, want := range map[string]string{
		"pr_url": "prURL", "url": "url", "URL": "url", "url_of": "urlOf", "my_url": "myURL", "id": "id", "pr_id": "prNumber", "pr_2": "pr2",
	} {
		field := fieldData{Name: n.goName(name)}
		field.column.Name = name
		if got := localName(n.parameter(field), "Value"); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestLocalNamesMeanNothingElse(t *testing.T) {
	for name, want := range map[string]string{
		"ID":       "id",
		"ModuleID": "moduleID",
		"URLOf":    "urlOf",
		"HTTP":     "http",
		"Type":     "typeX",
		"Range":    "rangeX",
		"String":   "stringX",
		"Len":      "lenX",
		"Ctx":      "ctxX",
		"Query":    "queryX",
		"Used":     "usedX",
	} {
		if got := localName(name, "X", "used"); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestFilesThatGoLeavesOutAreFound(t *testing.T) {
	for name, want := range map[string]bool{
		"modules.sql.go":     true,
		"a_test.sql.go":      true,
		"audit_linux.sql.go": false,
		"run_arm64.sql.go":   false,
		"_private.sql.go":    false,
		"linux.sql.go":       true,
	} {
		if got := builtEverywhere(name); got != want {
			t.Errorf("%s: built everywhere is %t", name, got)
		}
	}
}
