// Command scaffold makes the parts of templates/service that tools write, and the
// reference service in examples/service:
//
//	go run ./cmd/internal/tools/scaffold
//
// It fills in the templates that people write, runs silo generate, wire and go mod tidy on what
// comes of that, and makes templates of what they have made. Run it in the module's root.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/silokit/silo/cmd/internal/scaffold"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, ".")
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "scaffold:", err)
		os.Exit(1)
	}
}

// run makes all of it in a checkout.
func run(ctx context.Context, checkout string) error {
	goMod, err := os.ReadFile(filepath.Join(checkout, "go.mod"))
	if err != nil {
		return err
	}
	if err := write(checkout, "templates/silo.mod.tmpl", goMod); err != nil {
		return err
	}
	toolkit, err := scaffold.Checkout(checkout)
	if err != nil {
		return err
	}
	if err := generate(ctx, checkout, toolkit); err != nil {
		return err
	}
	if err := tidy(ctx, checkout, "templates/service/common", scaffold.APIKey, toolkit); err != nil {
		return err
	}
	return tidy(ctx, checkout, "templates/service/resolver/jwt", scaffold.JWT, toolkit)
}
