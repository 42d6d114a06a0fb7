package tenantcli_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/tenantcli"
)

// exampleFolder returns a folder for data, and removes it.
func exampleFolder() (data string, remove func()) {
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	return filepath.Join(folder, "data"), func() {
		if err := os.RemoveAll(folder); err != nil {
			log.Fatal(err)
		}
	}
}

// A program that has no other commands.
func ExampleNew() {
	data, remove := exampleFolder()
	defer remove()
	for _, args := range [][]string{
		{"tenants", "create", "--init", "acme", "--display-name", "Acme Inc."},
		{"tenants", "list"},
		{"tenants", "show", "acm"},
	} {
		root := tenantcli.New[tenant.Schema]("notes", tenantcli.Options{Data: data})
		root.SetArgs(args)
		root.SetErr(os.Stdout)
		fmt.Println("exit code", tenantcli.Execute(context.Background(), root))
	}
	// Output:
	// created acme
	// exit code 0
	// acme                      active        108.0 KiB   Acme Inc.
	// exit code 0
	// notes: find: tenant acm: no such tenant
	//   next: did you mean acme?
	// exit code 1
}

// A service's program mounts the commands beside its own.
func ExampleCommands() {
	data, remove := exampleFolder()
	defer remove()
	root := &cobra.Command{Use: "notes"}
	root.AddCommand(&cobra.Command{Use: "serve", Run: func(*cobra.Command, []string) {}})
	root.AddCommand(tenantcli.Commands[tenant.Schema](tenantcli.Options{Data: data})...)
	root.SetArgs([]string{"tenants", "create", "--init", "acme", "--json"})
	fmt.Println("exit code", tenantcli.Execute(context.Background(), root)) // in main: os.Exit
	// Output:
	// {"operation":"create","tenant":"acme","dry_run":false,"result":"created"}
	// exit code 0
}

// A tool for any data folder is given the folder of the migrations.
func ExampleFolderCommands() {
	data, remove := exampleFolder()
	defer remove()
	root := &cobra.Command{Use: "tool"}
	root.AddCommand(tenantcli.FolderCommands(tenantcli.Options{})...)
	root.SetArgs([]string{"tenants", "create", "--init", "acme", "--data", data, "--schema", "../../schema/tenant"})
	fmt.Println(tenantcli.Execute(context.Background(), root))
	// Output:
	// created acme
	// 0
}

// The program's main ends with what Execute returns, as os.Exit(tenantcli.Execute(ctx, root)).
func ExampleExecute() {
	root := tenantcli.New[tenant.Schema]("notes", tenantcli.Options{})
	root.SetArgs([]string{"tenants", "lst"})
	root.SetErr(os.Stdout)
	fmt.Println(tenantcli.Execute(context.Background(), root) == tenantcli.ExitUsage)
	// Output:
	// notes: unknown command "notes tenants lst", did you mean list? (see notes tenants --help)
	// true
}

// A program that executes its root itself prints errors and exits as it likes.
func ExampleExitCode() {
	root := tenantcli.New[tenant.Schema]("notes", tenantcli.Options{Data: "nowhere"})
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetArgs([]string{"backup"})
	err := root.Execute()
	fmt.Println(tenantcli.ExitCode(err), err)
	// Output: 2 notes backup needs IDs, or --all, or --global (see notes backup --help)
}

// A command of the program's own finds out that a setting is missing before it does anything.
func ExampleUsageError() {
	root := &cobra.Command{Use: "notes"}
	root.AddCommand(&cobra.Command{Use: "serve", RunE: func(*cobra.Command, []string) error {
		return tenantcli.UsageError(errors.New("set NOTES_JWT_ISSUER"))
	}})
	root.SetArgs([]string{"serve"})
	root.SetErr(os.Stdout)
	fmt.Println(tenantcli.Execute(context.Background(), root))
	// Output:
	// notes: set NOTES_JWT_ISSUER
	// 2
}

func ExamplePrintError() {
	_, err := tenantdb.ParseID("Acme")
	tenantcli.PrintError(os.Stdout, "notes", err)
	// Output:
	// notes: parse tenant ID: no valid tenant ID: "Acme" has the byte 'A'
	//   next: IDs are 1 to 63 of a-z, 0-9 and -, not at the ends
}

func ExampleManualCommand() {
	root := &cobra.Command{Use: "notes"}
	root.AddCommand(tenantcli.Commands[tenant.Schema](tenantcli.Options{})...)
	root.AddCommand(tenantcli.ManualCommand()) // notes man FOLDER
	manual, _, err := root.Find([]string{"man"})
	fmt.Println(manual.CommandPath(), err)
	// Output: notes man <nil>
}

// In a program's build, with the root that its main executes.
func ExampleWriteManual() {
	folder, remove := exampleFolder()
	defer remove()
	err := tenantcli.WriteManual(tenantcli.New[tenant.Schema]("notes", tenantcli.Options{}), folder)
	page, _ := os.ReadFile(filepath.Join(folder, "notes-doctor.1"))
	first, _, _ := strings.Cut(string(page), "\n")
	fmt.Println(first, err)
	// Output: .TH "NOTES\-DOCTOR" 1 "" "notes" "User Commands" <nil>
}
