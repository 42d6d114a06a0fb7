package codegen

import (
	"errors"
	"maps"
	"path"
	"strings"
	"testing"
)

var errFault = errors.New("this step fails")

// failing is a disk of which the nth step fails. It reports whether there was one.
func failing(n int) (disk, *bool) {
	failed := false
	return disk{fault: func(_, _ string) error {
		n--
		if n == -1 {
			failed = true
			return errFault
		}
		return nil
	}}, &failed
}

// TestCommitThatFailsAtAnyStepIsCompletedByTheNext fails the first step, the second and
// so on, until there are no more.
func TestCommitThatFailsAtAnyStepIsCompletedByTheNext(t *testing.T) {
	tests := []struct {
		name   string
		outs   []string
		others map[string]string // what is there and not generated
		whole  bool              // files change all together, or not at all
	}{
		{"one folder", []string{"gen"}, map[string]string{"gen/mine.go": "package gen\n"}, true},
		{"a shared folder", []string{"gen/tenant", "gen/global"}, map[string]string{"gen/tenant/note.txt": "mine"}, true},
		{"a folder with others in it", []string{"gen"}, map[string]string{"gen/queries/q.sql": "SELECT 1;"}, false},
		{"folders that lie apart", []string{"a", "b/c"}, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for n := 0; ; n++ {
				root := project(t, test.others)
				before, after := outPlan(root, "old", test.outs...), outPlan(root, "new", test.outs...)
				surplus := path.Join(test.outs[0], "surplus.go")
				before.Files = append(before.Files, File{Path: surplus, Contents: []byte(generatedText("surplus"))})
				commit(t, before)
				old := files(t, root)
				fresh := maps.Clone(old)
				delete(fresh, surplus)
				for _, file := range after.Files {
					fresh[file.Path] = string(file.Contents)
				}
				var failed *bool
				after.disk, failed = failing(n)
				_, err := after.Commit()
				if !*failed {
					if err != nil || !maps.Equal(files(t, root), fresh) {
						t.Errorf("without a failing step: %v, the files are %v", err, files(t, root))
					}
					return
				}
				checkBetween(t, n, files(t, root), old, fresh, test.whole && canExchange(t))
				after.disk = disk{}
				commit(t, after)
				if got := files(t, root); !maps.Equal(got, fresh) {
					t.Errorf("step %d failed, and the next commit left %v", n, got)
				}
			}
		})
	}
}

// checkBetween looks at what a commit left of which a step failed.
func checkBetween(t *testing.T, n int, got, old, fresh map[string]string, whole bool) {
	t.Helper()
	maps.DeleteFunc(got, func(name, _ string) bool { return strings.Contains(name, besidePrefix) })
	if whole && !maps.Equal(got, old) && !maps.Equal(got, fresh) {
		t.Errorf("step %d failed and left neither the old files nor the new ones: %v", n, got)
	}
	for name, text := range got {
		if text != old[name] && text != fresh[name] {
			t.Errorf("step %d failed and left %s with %q", n, name, text)
		}
	}
	for name := range fresh {
		if _, ok := got[name]; !ok && old[name] != "" {
			t.Errorf("step %d failed and left no %s", n, name)
		}
	}
}

// canExchange reports whether the system exchanges folders.
func canExchange(t *testing.T) bool {
	return exchangeFolders(t.TempDir(), t.TempDir()) == nil
}

func TestAFolderThatCannotBeWrittenToIsNamed(t *testing.T) {
	plan := outPlan(t.TempDir(), "new", "gen")
	plan.disk, _ = failing(0)
	_, err := plan.Commit()
	if !errors.Is(err, errFault) || !strings.Contains(err.Error(), "gen cannot be written to") {
		t.Errorf("the error is %v", err)
	}
}
