package lifecycle_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/internal/childtest"
	"github.com/silokit/silo/tenantdb/lifecycle"
)

// createWithKey creates tenants of the IDs key-N-SUFFIX with the keys N, once its input ends, and
// prints which there are then.
func createWithKey(args []string) error {
	w, err := childWorld(args[0], lifecycle.Options{})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := io.ReadAll(os.Stdin); err != nil {
		return err
	}
	for n := range keys {
		id, err := tenantdb.ParseID(fmt.Sprintf("order-%d-%s", n, args[1]))
		if err != nil {
			return err
		}
		made, err := w.m.Create(context.Background(), creation{ID: id, Key: fmt.Sprint("order ", n), Seed: seed(args[1])})
		if err != nil {
			return err
		}
		fmt.Println(made.ID)
	}
	return w.dir.Close()
}

const keys = 20

// Each key is raced for by processes that mean to call the tenant differently.
func TestProcessesThatCreateWithOneKeyGetOneTenant(t *testing.T) {
	folder := t.TempDir()
	w := worldIn(t, folder, lifecycle.Options{})
	suffixes := []string{"a", "b", "c"}
	outputs := make([]strings.Builder, len(suffixes))
	var wait []func() error
	var start []io.Closer
	for i, suffix := range suffixes {
		c := childtest.Command("create", folder, suffix)
		c.Stdout, c.Stderr = &outputs[i], os.Stderr
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		start, wait = append(start, in), append(wait, c.Wait)
	}
	for _, in := range start {
		_ = in.Close() // they begin
	}
	for _, end := range wait {
		if err := end(); err != nil {
			t.Error(err)
		}
	}
	var made []string
	for tenant, err := range w.cat.List(t.Context(), catalog.Filter{}) {
		if err != nil || tenant.State != catalog.Active {
			t.Errorf("%v is %q, %v", tenant.ID, tenant.State, err)
		}
		made = append(made, tenant.ID.String())
		w.wantValue(t, tenant.ID, "made", tenant.ID.String()[len(tenant.ID.String())-1:])
	}
	if len(made) != keys {
		t.Errorf("%d tenants of %d keys: %v", len(made), keys, made)
	}
	for i := range outputs {
		got := strings.Fields(outputs[i].String())[1:] // without ready
		slices.Sort(got)
		if !slices.Equal(got, made) {
			t.Errorf("process %s was given %v, there are %v", suffixes[i], got, made)
		}
	}
	w.wantHealthy(t)
}

// A process that dies lets go of the lock, and leaves its file.
func TestDoctorRemovesTheLockOfAKeyWhoseCreationHasDied(t *testing.T) {
	w := newWorld(t, lifecycle.Options{})
	lifecycle.LockFiles(w.m)
	if _, err := w.m.Create(t.Context(), creation{ID: acme, Key: "order 1"}); err != nil {
		t.Fatal(err)
	}
	if err := w.leftBehind(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir.Path(), "locks", "keys", "0123456789abcdef.lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w.wantHealthy(t)
}
