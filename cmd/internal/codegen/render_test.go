package codegen

import "testing"

func TestAnInterfaceOfNoQueriesImportsNothing(t *testing.T) {
	data := &packageData{Files: []*fileData{{Queries: []*queryData{{Name: "getValue"}}}}}
	if got := data.InterfaceImports(); got != "" {
		t.Errorf("it imports %s", got)
	}
}
