package main

import (
	"github.com/spf13/cobra"

	"github.com/silokit/silo/examples/service/internal/config"
)

func newConfig() *cobra.Command {
	return &cobra.Command{
		Use:     "config",
		Short:   "Print the variables of the environment that the service reads",
		Example: "  service config",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return config.Reference(cmd.OutOrStdout()) },
	}
}
