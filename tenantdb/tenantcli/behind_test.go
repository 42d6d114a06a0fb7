package tenantcli_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/tenantcli"

	_ "modernc.org/sqlite" // to make a catalog one of an earlier release
)

// What only reads migrates nothing, and says who does.
func TestACatalogOfAnEarlierReleaseIsMigratedByWhatWrites(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	if code, _, said := execute("tenants", "create", "acme", "--init", "--data", folder); code != tenantcli.ExitOK {
		t.Fatal(said)
	}
	db, err := sql.Open("sqlite", filepath.Join(folder, "global.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	_, err = db.ExecContext(t.Context(), `
		DROP TABLE silo_usage;
		DELETE FROM silo_catalog_migration WHERE version_id >= 7;
		DELETE FROM silo_goose_db_version WHERE version_id >= 7`)
	if err != nil {
		t.Fatal(err)
	}
	code, _, said := execute("top", "--once", "--data", folder)
	if code != tenantcli.ExitError || !strings.Contains(said, "next: open it with the service, or with a command that writes") {
		t.Errorf("exit code %d: %s", code, said)
	}
	if code, _, said := execute("tenants", "suspend", "acme", "--reason", "unpaid", "--data", folder); code != tenantcli.ExitOK {
		t.Errorf("exit code %d: %s", code, said)
	}
	if code, _, said := execute("top", "--once", "--data", folder); code != tenantcli.ExitOK {
		t.Errorf("exit code %d: %s", code, said)
	}
}
