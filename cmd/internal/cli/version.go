package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// newVersion returns the command silo version.
func newVersion() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of silo and of the sqlc inside it",
		Example: "  silo version --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			info := versions()
			if asJSON {
				return printJSON(cmd.OutOrStdout(), info)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "silo %s (sqlc %s, %s)\n", info.Silo, info.SQLC, info.Go)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// versionInfo is what silo version --json prints.
type versionInfo struct {
	Silo string `json:"silo"`
	SQLC string `json:"sqlc"`
	Go   string `json:"go"`
}

// versions reads what the Go linker recorded.
func versions() versionInfo {
	info := versionInfo{Silo: "(unknown)", SQLC: "(unknown)", Go: "(unknown)"}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info
	}
	info.Go = build.GoVersion
	const module = "github.com/silokit/silo"
	if build.Main.Path == module && build.Main.Version != "" {
		info.Silo = build.Main.Version
	}
	for _, dependency := range build.Deps {
		switch dependency.Path {
		case module:
			info.Silo = dependency.Version
		case "github.com/sqlc-dev/sqlc":
			info.SQLC = dependency.Version
		}
	}
	return info
}
