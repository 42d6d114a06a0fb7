package tenantdb_test

import (
	"testing"

	"github.com/silokit/silo/tenantdb"
	"github.com/silokit/silo/tenantdb/internal/sqlite/sqlitefault"
)

func TestACommitThatWasFoundAbsentDoesNotComeBackWhenEveryProcessHasEnded(t *testing.T) {
	w, err := newWorld(t, modelTemplate(t), 8, tenantdb.Full)
	if err != nil {
		t.Fatal(err)
	}
	defer w.clear()
	put := func(key int64) []change { return []change{{Do: "put", Key: key, Size: 8}} }
	for i, s := range []step{
		{Do: "single", Changes: put(1)},
		{Do: "list", Peer: true}, // which keeps the log from being emptied
		{Do: "single", Changes: put(2), Fault: &fault{File: sqlitefault.Log, Op: sqlitefault.Sync, Code: sqlitefault.SyncFailed, Times: 1000}},
		{Do: "list"},
		{Do: "list", Peer: true},
		{Do: "evict", N: 3},
		{Do: "kill", Changes: nil},
		{Do: "list"},
	} {
		if err := w.play(s); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if err := w.end(); err != nil {
		t.Fatal(err)
	}
	if w.tally.counts["single unknown"] != 1 || w.tally.counts["kills"] != 1 {
		t.Errorf("it was not the case that is meant: %v", w.tally)
	}
}
