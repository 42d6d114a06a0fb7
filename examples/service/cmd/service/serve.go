package main

import (
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/examples/service/internal/config"
)

func newServe(settings config.Config) *cobra.Command {
	return &cobra.Command{
		Use:     "serve",
		Short:   "Answer requests until a signal to stop, then drain",
		Example: "  SERVICE_ADDR=127.0.0.1:9000 service serve",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, end, err := open(cmd, settings)
			if err != nil {
				return err
			}
			defer end()
			listener, err := new(net.ListenConfig).Listen(cmd.Context(), "tcp", settings.Addr)
			if err != nil {
				return fmt.Errorf("%sADDR: %w", config.Prefix, err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "listening on http://%s\n", listener.Addr())
			return a.Serve(cmd.Context(), listener)
		},
	}
}
