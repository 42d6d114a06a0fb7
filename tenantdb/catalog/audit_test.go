package catalog

import (
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/query"
)

func TestNotEvenTheCatalogCanChangeItsAudit(t *testing.T) {
	dir, err := tenantdb.Open(t.Context(), tenantdb.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	}()
	c, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Record(t.Context(), Entry{Actor: "ann", Operation: "export"}); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"UPDATE silo_audit SET actor = 'bob'": "entries are not rewritten",
		"DELETE FROM silo_audit":              "entries are not removed",
		"REPLACE INTO silo_audit (id, actor, operation, tenant_id, result) VALUES (1, 'bob', 'x', '', '')":                                             "entries are not replaced",
		"INSERT INTO silo_audit (id, actor, operation, tenant_id, result) VALUES (1, 'bob', 'x', '', '') ON CONFLICT (id) DO UPDATE SET actor = 'bob'": "entries are not replaced",
		"DELETE FROM silo_catalog_migration": "may be read, not written",
		"DROP TRIGGER silo_audit_loses_none": "by migrations only",
	} {
		err := query.Exec(t.Context(), tenantdb.Bind(c.db), query.Write("Forge", "x.sql", text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for e, err := range c.Entries(t.Context(), tenantdb.ID{}) {
		if err != nil || e.Actor != "ann" || e.ID != 1 {
			t.Errorf("%+v, %v", e, err)
		}
	}
}
