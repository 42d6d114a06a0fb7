package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb"

	"github.com/silokit/silo/examples/service/internal/config"
)

// page is how many tenants are read at once.
const page = 500

func newTotals(settings config.Config) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "totals",
		Short:   "Print how many notes each tenant has, as it was after its last change",
		Example: "  service totals --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, end, err := open(cmd, settings)
			if err != nil {
				return err
			}
			defer end()
			var last tenantdb.ID
			for {
				rows, err := a.Totals.After(cmd.Context(), last, page)
				if err != nil || len(rows) == 0 {
					return err
				}
				for _, row := range rows {
					if asJSON {
						err = json.NewEncoder(cmd.OutOrStdout()).Encode(row)
					} else {
						_, err = fmt.Fprintf(cmd.OutOrStdout(), "%-24s  %d\n", row.TenantID, row.Notes)
					}
					if err != nil {
						return err
					}
				}
				if last, err = tenantdb.ParseID(rows[len(rows)-1].TenantID); err != nil {
					return err
				}
			}
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, one object a line")
	return cmd
}
