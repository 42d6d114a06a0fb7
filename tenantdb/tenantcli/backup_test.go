package tenantcli_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// The tenant is open meanwhile: of one that was closed just now, it is not known whether it has changed.
func TestADryRunOfABackupSaysWhatTheBackupThenDoes(t *testing.T) {
	data := makeFolder(t, func(f folder) []func() error { return []func() error{f.create} })
	dir := tenanttest.Dir(t, tenantdb.Options{Path: data})
	store, err := tenant.Open(t.Context(), dir)
	if err == nil {
		_, err = catalog.Open(t.Context(), dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	write := func() {
		ctx, err := tenantdb.WithTenant(t.Context(), tenanttest.ID(t, "acme"))
		if err != nil {
			t.Fatal(err)
		}
		db, err := store.Resolve(ctx)
		if err == nil {
			err = tenant.New(db).SetConfig(ctx, tenant.SetConfigParams{Key: "locale", Value: "de"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	results := regexp.MustCompile(`"dry_run":(true|false),"result":"([a-z ]+)"`)
	backUp := func(args ...string) string {
		code, out, said := runWith(t, append([]string{"backup", "acme", "--json", "--data", data}, args...)...)
		found := results.FindStringSubmatch(out)
		if code != 0 || found == nil {
			t.Fatalf("%q exits with %d: %s%s", args, code, out, said)
		}
		return found[2]
	}
	for _, step := range []struct {
		name   string
		before func()
		args   []string
		want   string
	}{
		{"never backed up", write, nil, "backed up"},
		{"as it was", func() {}, nil, "unchanged"},
		{"as it was, and copied again", func() {}, []string{"--again"}, "backed up"},
		{"written to", write, nil, "backed up"},
	} {
		step.before()
		rehearsed := backUp(append(step.args, "--dry-run")...)
		if done := backUp(step.args...); done != step.want || rehearsed != step.want {
			t.Errorf("%s: it is %s, and its dry run says %s; want %s", step.name, done, rehearsed, step.want)
		}
	}
	// What is done to tenants is recorded in the global database, which is backed up after them.
	for _, step := range []struct{ args, want string }{
		{"--global", "backed up global.db"},
		{"--global --dry-run", "would be unchanged global.db"},
		{"--global", "unchanged global.db"},
		{"--all --dry-run", "would be unchanged acme would be backed up globex would be backed up global.db"},
	} {
		code, out, said := runWith(t, append(strings.Fields("backup --data "+data), strings.Fields(step.args)...)...)
		if got := strings.Join(strings.Fields(listed.ReplaceAllString(out, "")), " "); code != 0 || got != step.want {
			t.Errorf("%s: it exits with %d and prints %q%s; want %q", step.args, code, got, said, step.want)
		}
	}
	_, out, _ := runWith(t, "backup", "--all", "--data", data)
	for _, want := range []string{"unchanged +acme ", "backed up +globex ", "backed up +global.db "} {
		if !regexp.MustCompile("(?m)^" + want).MatchString(out) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// listed is what is printed of a backup that there is, behind whose it is.
var listed = regexp.MustCompile(`(?m) +[0-9]+  20[0-9TZ:-]+  .*$`)
