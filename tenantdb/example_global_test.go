package tenantdb_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/silokit/silo/gen/global"
	"github.com/silokit/silo/tenantdb"
)

// exampleGlobal opens the global database of a new data folder, with one user in it; copies
// may be put into the folder beside.
func exampleGlobal() (dir *tenantdb.Dir, db *global.DB, folder string, closeAll func()) {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "silo-example")
	if err != nil {
		log.Fatal(err)
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		log.Fatal(err)
	}
	if dir, err = tenantdb.Open(ctx, tenantdb.Options{Path: filepath.Join(folder, "data")}); err != nil {
		log.Fatal(err)
	}
	if db, err = global.Open(ctx, dir); err != nil {
		log.Fatal(err)
	}
	if _, err := global.New(db).CreateUser(ctx, global.CreateUserParams{ID: "1", Email: "ada@example.com", Name: "Ada"}); err != nil {
		log.Fatal(err)
	}
	return dir, db, folder, func() {
		if err := errors.Join(dir.Close(), os.RemoveAll(folder)); err != nil {
			log.Fatal(err)
		}
	}
}

func ExampleGlobalDB_Snapshot() {
	_, db, folder, closeAll := exampleGlobal()
	defer closeAll()
	ctx := context.Background()
	manifest, err := db.Snapshot(ctx, filepath.Join(folder, "global.copy"), tenantdb.SnapshotOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(manifest.Schema, len(manifest.SHA256))
	// Output: global 64
}

func ExampleGlobalDB_Unchanged() {
	_, db, folder, closeAll := exampleGlobal()
	defer closeAll()
	ctx := context.Background()
	manifest, err := db.Snapshot(ctx, filepath.Join(folder, "global.copy"), tenantdb.SnapshotOptions{})
	if err != nil {
		log.Fatal(err)
	}
	unchanged, err := db.Unchanged(ctx, manifest.Mark)
	fmt.Println(unchanged, err)
	// Output: true <nil>
}

// After rows were deleted that must not be found in the file any more.
func ExampleGlobalDB_Compact() {
	_, db, _, closeAll := exampleGlobal()
	defer closeAll()
	fmt.Println(db.Compact(context.Background()))
	// Output: <nil>
}

func ExampleRestoreGlobal() {
	dir, db, folder, closeAll := exampleGlobal()
	defer closeAll()
	ctx := context.Background()
	path := filepath.Join(folder, "global.copy")
	manifest, err := db.Snapshot(ctx, path, tenantdb.SnapshotOptions{})
	if err != nil {
		log.Fatal(err)
	}
	copied := tenantdb.Source{Path: path, SHA256: manifest.SHA256}
	if err := tenantdb.RestoreGlobal[global.Schema](ctx, dir, copied, tenantdb.GlobalRestoreOptions{}); err != nil {
		log.Fatal(err)
	}
	_, err = global.New(db).GetUserByEmail(ctx, "ada@example.com")
	fmt.Println(errors.Is(err, tenantdb.ErrTenantGone)) // open it again
	// Output: true
}

func ExampleInspectGlobal() {
	dir, db, folder, closeAll := exampleGlobal()
	defer closeAll()
	ctx := context.Background()
	path := filepath.Join(folder, "global.copy")
	if _, err := db.Snapshot(ctx, path, tenantdb.SnapshotOptions{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(tenantdb.InspectGlobal[global.Schema](ctx, dir, tenantdb.Source{Path: path}))
	// Output: <nil>
}

// closable is a gate that a service shuts for all tenants.
type closable struct{ since int64 }

func (m *closable) Admit(context.Context, tenantdb.ID) (tenantdb.Admission, error) {
	if m.since > 0 {
		return tenantdb.Admission{}, errors.New("maintenance")
	}
	return tenantdb.Admission{}, nil
}

func (m *closable) Changes(context.Context) (int64, error) { return m.since, nil }

func ExampleChangingGate() {
	dir, _, _, closeAll := exampleGlobal()
	defer closeAll()
	var gate tenantdb.ChangingGate = &closable{} // open tenants are closed when it shuts
	dir.SetGate(gate)
	fmt.Println(dir.Stats().Open)
	// Output: 0
}
