package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/examples/service/internal/config"
)

func newSeed(settings config.Config) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "seed",
		Short:   "Make the tenants acme and globex to develop with, and say how to reach them",
		Example: "  service seed",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, end, err := open(cmd, settings)
			if err != nil {
				return err
			}
			defer end()
			all, err := a.Seed(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(all)
			}
			for _, access := range all {
				fmt.Fprintln(cmd.OutOrStdout(), access.Curl("/notes"))
			}
			if until := all[0].Until; !until.IsZero() {
				fmt.Fprintf(cmd.ErrOrStderr(), "Each seed makes access anew: this is good until %s, and what earlier ones made for its own time.\n",
					until.Format("2006-01-02 15:04"))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
