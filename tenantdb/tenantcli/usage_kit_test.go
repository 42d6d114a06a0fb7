package tenantcli_test

import (
	"context"
	"errors"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/gen/tenant"
	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/fleet"
)

// newUse is app's command that asks a tenant so many times, and fails so many times then, as a service
// that records it.
func newUse() *cobra.Command {
	return &cobra.Command{
		Use:  "use ID CALLS ERRORS",
		Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			calls, err1 := strconv.Atoi(args[1])
			fails, err2 := strconv.Atoi(args[2])
			id, err3 := tenantdb.ParseID(args[0])
			if err := errors.Join(err1, err2, err3); err != nil {
				return err
			}
			return use(cmd.Context(), "data", id, calls, fails)
		},
	}
}

func use(ctx context.Context, folder string, id tenantdb.ID, calls, fails int) (err error) {
	dir, err := tenantdb.Open(ctx, tenantdb.Options{Path: folder, Layout: tenantdb.AsRecorded, SlowAfter: -1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	store, err1 := tenant.Open(ctx, dir)
	cat, err2 := catalog.Open(ctx, dir)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	recorder, err := fleet.NewRecorder(dir, cat, fleet.RecorderOptions{})
	if err != nil {
		return err
	}
	err = store.Visit(ctx, id, func(ctx context.Context, db *tenant.DB) error {
		for range calls {
			if _, err := tenant.New(db).ListModules(ctx, nil); err != nil {
				return err
			}
		}
		for range fails { // there is no such module
			_, err := tenant.New(db).CreateAction(ctx, tenant.CreateActionParams{ID: "a", ModuleID: "none", Name: "A", Kind: "script", Spec: "{}"})
			if !errors.Is(err, tenantdb.ErrForeignKey) {
				return errors.Join(err, errors.New("it has not failed as it was to"))
			}
		}
		return nil
	})
	return errors.Join(err, recorder.Flush(ctx))
}
