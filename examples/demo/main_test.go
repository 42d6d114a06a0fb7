package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestDemoTellsItsStoryAndLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} { // what os.TempDir asks, by system
		t.Setenv(name, temp)
	}
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, part := range []string{
		"-> 200 Calendar of Acme, Mail of Acme\n",
		"-> 200 Mail of Globex\n",
		"-> 404 There is no such tenant.\n",
		"have reads(global.Schema)",
		"want reads(tenant.Schema)",
		"bytes  tenants/globex.db\n",
	} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("the story has no %q:\n%s", part, &out)
		}
	}
	left, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		if strings.HasPrefix(entry.Name(), "silo-demo-") {
			t.Errorf("%s is left behind", entry.Name())
		}
	}
}
