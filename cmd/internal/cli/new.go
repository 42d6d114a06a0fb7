package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/cmd/internal/scaffold"
	"github.com/silokit/silo/internal/nearest"
	"github.com/silokit/silo/templates"
)

// newNew returns the command silo new.
func newNew() *cobra.Command {
	var n newService
	cmd := &cobra.Command{
		Use:   "new [NAME]",
		Short: "Make a new service",
		Long: `New makes a service whose tenants have a SQLite file each: schema, queries and what is
generated from them, HTTP, configuration, tests, commands for operations, a container, a
systemd unit, a Kubernetes manifest and CI. It needs no network.

The resolver says how requests name their tenant:
  apikey     an API key (default)
  subdomain  the host, acme.example.com, and an API key of the same tenant
  path       the path, /t/acme/…, and an API key of the same tenant
  header     a header that a trusted proxy sets
  jwt        a claim of a signed token

Without a name, on a terminal, it asks. The folder is made in one step, or not at all. One
that is there already has to be empty; with --force files that are missing are added to it.
No file is ever overwritten.

Exit codes: 0 done, 1 it failed and nothing was written, 2 wrong call.`,
		Example: `  silo new notes
  silo new notes --module example.com/notes --resolver jwt
  silo new notes --dry-run`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("%s takes one name (see %s --help)", cmd.CommandPath(), cmd.CommandPath())}
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, args []string) error { return n.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&n.module, "module", "", "the Go module (default: example.com/NAME)")
	flags.StringVar(&n.dir, "dir", "", "the folder (default: NAME)")
	flags.StringVar(&n.resolver, "resolver", string(scaffold.APIKey), "how requests name their tenant: apikey, subdomain, path, header or jwt")
	flags.StringVar(&n.toolkit, "toolkit", "", "the checkout of Silo to build with (default: the release or checkout that this silo was built from)")
	flags.BoolVar(&n.force, "force", false, "take a folder that is not empty, and add what is missing")
	flags.BoolVar(&n.dryRun, "dry-run", false, "list the files and write nothing")
	flags.BoolVar(&n.json, "json", false, "print JSON")
	_ = cmd.RegisterFlagCompletionFunc("resolver", cobra.FixedCompletions(resolverNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.MarkFlagDirname("dir")
	_ = cmd.MarkFlagDirname("toolkit")
	return cmd
}

// newService is one call of the command.
type newService struct {
	name, module, dir, resolver, toolkit string
	force, dryRun, json                  bool
}

// newReport is what silo new --json prints.
type newReport struct {
	Name     string           `json:"name"`
	Module   string           `json:"module"`
	Resolver string           `json:"resolver"`
	Dir      string           `json:"dir"`
	Toolkit  scaffold.Toolkit `json:"toolkit"`
	DryRun   bool             `json:"dry_run"`
	Files    []scaffold.Step  `json:"files"`
}

func (n *newService) run(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		n.name = args[0]
	} else if err := n.ask(cmd); err != nil {
		return err
	}
	toolkit, err := n.findToolkit()
	if err != nil {
		return err
	}
	if n.module == "" {
		n.module = scaffold.DefaultModule(n.name)
	}
	files, err := scaffold.Render(scaffold.Service{Name: n.name, Module: n.module, Resolver: scaffold.Resolver(n.resolver), Toolkit: toolkit})
	if err != nil {
		return n.explain(err)
	}
	if n.dir == "" {
		n.dir = n.name
	}
	existing := scaffold.Refuse
	if n.force {
		existing = scaffold.Complete
	}
	plan, err := scaffold.NewPlan(n.dir, files, existing)
	if errors.Is(err, scaffold.ErrNotEmpty) {
		return fmt.Errorf("%w: name another with --dir, or pass --force to add what is missing to it", err)
	}
	if err != nil {
		return err
	}
	if !n.dryRun {
		if err := plan.Commit(cmd.Context()); err != nil {
			if cmd.Context().Err() != nil {
				return errInterrupted
			}
			return err
		}
	}
	return n.print(cmd, plan, toolkit)
}

// findToolkit returns the Silo that the service is built with.
func (n *newService) findToolkit() (scaffold.Toolkit, error) {
	if n.toolkit != "" {
		found, err := scaffold.Checkout(n.toolkit)
		if err != nil {
			err = usageError{err}
		}
		return found, err
	}
	built, _ := debug.ReadBuildInfo()
	found, err := scaffold.FindToolkit(built, templates.Source())
	if err != nil {
		err = fmt.Errorf("%w; name it with --toolkit", err)
	}
	return found, err
}

// explain makes a wrong call of what is wrong with what was asked for.
func (n *newService) explain(err error) error {
	switch {
	case errors.Is(err, scaffold.ErrResolver):
		if near := nearest.Name(n.resolver, resolverNames()); near != "" {
			err = fmt.Errorf("%w; did you mean %s?", err, near)
		}
		return usageError{err}
	case errors.Is(err, scaffold.ErrName), errors.Is(err, scaffold.ErrModule):
		return usageError{err}
	}
	return err
}

// print prints what was, or with --dry-run would be, written.
func (n *newService) print(cmd *cobra.Command, plan *scaffold.Plan, toolkit scaffold.Toolkit) error {
	out := cmd.OutOrStdout()
	if n.json {
		return printJSON(out, newReport{
			Name: n.name, Module: n.module, Resolver: n.resolver, Dir: plan.Dir, Toolkit: toolkit, DryRun: n.dryRun, Files: plan.Steps,
		})
	}
	written := 0
	for _, step := range plan.Steps {
		if step.State != scaffold.New {
			continue
		}
		written++
		if n.dryRun {
			fmt.Fprintln(out, filepath.Join(n.dir, filepath.FromSlash(step.Path)))
		}
	}
	if n.dryRun {
		return nil
	}
	files := "files"
	if written == 1 {
		files = "file"
	}
	fmt.Fprintf(out, "wrote %d %s to %s\n", written, files, n.dir)
	if toolkit.Dir != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "It is built with the checkout of Silo in %s.\n", toolkit.Dir)
	}
	if workspace := scaffold.Workspace(plan.Dir); workspace != "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s does not name it: go work use %s\n", workspace, n.dir)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "Next: cd %s && make test && make run\n", n.dir)
	return nil
}

func resolverNames() (names []string) {
	for _, r := range scaffold.Resolvers {
		names = append(names, string(r))
	}
	return names
}
