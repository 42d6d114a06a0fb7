package tenantcli_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// The tenant is open meanwhile: of one that was closed just now, it is not known whether it has changed.
func TestADryRunOfABackupSaysWhatTheBackupThenDoes(t *testing.T) {
	data := makeFolder(t, func(f folder) []func() error { return []func() error{f.create} })
	store, err := tenant.Open(t.Context(), tenanttest.Dir(t, tenantdb.Options{Path: data}))
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
	_, out, _ := runWith(t, "backup", "--all", "--dry-run", "--data", data)
	for _, want := range []string{"would be unchanged   acme ", "would be backed up   globex\n", "would be backed up   global.db\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
