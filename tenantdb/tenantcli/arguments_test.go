package tenantcli_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

func TestArgumentsThatACommandOfTheProgramDoesNotTakeAreAWrongCall(t *testing.T) {
	for _, test := range []struct {
		args string
		want int
	}{
		{"serve", tenantcli.ExitOK},
		{"serve more", tenantcli.ExitUsage},
		{"serve fleet one", tenantcli.ExitOK},
		{"serve fleet", tenantcli.ExitUsage},
		{"tenants list more", tenantcli.ExitUsage},
	} {
		run := func(*cobra.Command, []string) {}
		serve := &cobra.Command{Use: "serve", Args: cobra.NoArgs, Run: run}
		serve.AddCommand(&cobra.Command{Use: "fleet NAME", Args: cobra.ExactArgs(1), Run: run})
		root := tenantcli.New[tenant.Schema]("app", tenantcli.Options{})
		root.AddCommand(serve)
		var said bytes.Buffer
		root.SetArgs(strings.Fields(test.args))
		root.SetOut(&said)
		root.SetErr(&said)
		if code := tenantcli.Execute(t.Context(), root); code != test.want || code != tenantcli.ExitOK && !strings.Contains(said.String(), "--help)") {
			t.Errorf("%s: exit code %d, want %d: %s", test.args, code, test.want, &said)
		}
	}
}
