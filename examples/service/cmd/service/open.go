package main

import (
	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/tenantcli"

	"github.com/silokit/silo/examples/service/internal/app"
	"github.com/silokit/silo/examples/service/internal/config"
)

// open makes the service of its settings, and returns a function that ends it. What it would lack, and the
// commands that look after tenants do not need, is a wrong call, and nothing is made.
func open(cmd *cobra.Command, settings config.Config) (*app.App, func(), error) {
	if err := settings.Edge.Check(); err != nil {
		return nil, nil, tenantcli.UsageError(err)
	}
	return app.New(cmd.Context(), settings, settings.Logger(cmd.ErrOrStderr()))
}
