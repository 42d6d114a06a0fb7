package tenantcli_test

import (
	"context"
	"fmt"
	"os"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// A program gives its rollups to the commands by the function that makes them: here one by the
// hour, on a fixed day, and one by the month.
func ExampleRollup() {
	data, remove := exampleFolder()
	defer remove()
	for _, args := range [][]string{
		{"tenants", "create", "--init", "acme"},
		{"rollup", "run", "hourly"},
		{"rollup", "run", "hourly", "--from", "2026-03-02", "--dry-run"},
	} {
		root := tenantcli.New[tenant.Schema]("notes", tenantcli.Options{Data: data, Rollups: testRollups})
		root.SetArgs(args)
		root.SetErr(os.Stdout)
		if code := tenantcli.Execute(context.Background(), root); code != tenantcli.ExitOK {
			fmt.Println("exit code", code)
		}
	}
	// Output:
	// created acme
	// summed up  hourly  by the hour, until 2026-03-02T06:00:00Z, tenants: 1, windows: 30
	// would be summed up  hourly  by the hour, until 2026-03-02T06:00:00Z, tenants: 1, windows: 6
}
