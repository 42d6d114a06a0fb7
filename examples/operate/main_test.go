package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/tenantcli"
)

// run executes the program in the current folder.
func run(args ...string) (code int, out, said string) {
	var stdout, stderr bytes.Buffer
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	code = tenantcli.Execute(context.Background(), root)
	return code, stdout.String(), stderr.String()
}

func TestMountedCommandsAndTheProgramsOwnGoTogether(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, test := range []struct {
		args  []string
		code  int
		print string // a part of standard output
		say   string // a part of standard error
	}{
		{[]string{"tenants", "create", "--init", "demo"}, 0, "created demo", ""},
		{[]string{"tenants", "create", "acme"}, 0, "created acme", ""},
		{[]string{"modules", "acme"}, 0, "", ""},
		{[]string{"modules", "nobody"}, 1, "", "no such tenant"},
		{[]string{"backup", "--all"}, 0, "acme", ""},
		{[]string{"tenants", "delete", "demo", "--yes"}, 1, "", "visitors see the tenant demo"},
		{[]string{"tenants", "delete", "acme", "--yes"}, 0, "deleted acme", ""},
		{[]string{"tenants", "list"}, 0, "demo", ""},
		{[]string{"tenants", "erase", "demo", "--confirm", "demo"}, 1, "", "visitors see the tenant demo"},
	} {
		code, out, said := run(test.args...)
		if code != test.code || !strings.Contains(out, test.print) || !strings.Contains(said, test.say) {
			t.Errorf("%v: exit code %d, prints %q, says %q; want %d, %q, %q", test.args, code, out, said, test.code, test.print, test.say)
		}
	}
}
