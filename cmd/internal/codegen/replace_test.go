package codegen

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outPlan is a plan of one file, all.go, and one of its own for each folder.
func outPlan(root, version string, outs ...string) *Plan {
	p := &Plan{root: root, outs: outs}
	for _, out := range outs {
		for _, name := range []string{"all.go", path.Base(out) + ".go"} {
			p.Files = append(p.Files, File{Path: path.Join(out, name), Contents: []byte(generatedText(version + " " + out))})
		}
	}
	return p
}

func commit(t *testing.T, p *Plan) {
	t.Helper()
	if _, err := p.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestFilesThatWereNotGeneratedStayTheSameFiles(t *testing.T) {
	root := project(t, map[string]string{
		"gen/all.go": generatedText("old"), "gen/stale.go": generatedText("old"), "gen/mine.go": "package gen\n",
	})
	if err := os.Chmod(filepath.Join(root, "gen"), 0o750); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Join(root, "gen/mine.go"))
	if err != nil {
		t.Fatal(err)
	}
	commit(t, outPlan(root, "new", "gen"))
	want := map[string]string{
		"gen/all.go": generatedText("new gen"), "gen/gen.go": generatedText("new gen"), "gen/mine.go": "package gen\n",
	}
	if diff := cmp.Diff(want, files(t, root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	after, err := os.Stat(filepath.Join(root, "gen/mine.go"))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("mine.go is another file: %v", err)
	}
	folder, err := os.Stat(filepath.Join(root, "gen"))
	if err != nil || folder.Mode().Perm() != 0o750 {
		t.Errorf("the folder's mode is %v, %v", folder.Mode(), err)
	}
}

func TestPackagesThatShareAFolderOfTheirOwnAreReplacedTogether(t *testing.T) {
	root := t.TempDir()
	commit(t, outPlan(root, "old", "gen/tenant", "gen/global"))
	before, err := os.Stat(filepath.Join(root, "gen"))
	if err != nil {
		t.Fatal(err)
	}
	commit(t, outPlan(root, "new", "gen/tenant", "gen/global"))
	after, err := os.Stat(filepath.Join(root, "gen"))
	if err != nil {
		t.Fatal(err)
	}
	if err := exchangeFolders(t.TempDir(), t.TempDir()); err == nil && os.SameFile(before, after) {
		t.Error("the folder of both packages was not replaced in one step")
	}
	if got := files(t, root)["gen/global/all.go"]; got != generatedText("new gen/global") {
		t.Errorf("gen/global/all.go is %q", got)
	}
	// What somebody put beside the packages keeps the folder in its place.
	if err := os.WriteFile(filepath.Join(root, "gen", "README.md"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	commit(t, outPlan(root, "newer", "gen/tenant", "gen/global"))
	kept, err := os.Stat(filepath.Join(root, "gen"))
	if err != nil || !os.SameFile(after, kept) {
		t.Errorf("the folder was replaced, %v", err)
	}
	if got := files(t, root); got["gen/README.md"] != "hello" || got["gen/tenant/all.go"] != generatedText("newer gen/tenant") {
		t.Errorf("the files are %v", got)
	}
}

func TestWhatAKilledRunLeftIsRemoved(t *testing.T) {
	root := project(t, map[string]string{
		besidePrefix + "1/new/all.go": generatedText("half"), "gen/" + besidePrefix + "2": "half", ".silo-other": "somebody's", "gen/.hidden": "somebody's",
	})
	commit(t, outPlan(root, "new", "gen"))
	for name := range files(t, root) {
		if strings.Contains(name, besidePrefix) {
			t.Errorf("%s is still there", name)
		}
	}
	if got := files(t, root); got[".silo-other"] == "" || got["gen/.hidden"] == "" {
		t.Errorf("too much was removed: %v", got)
	}
}

func TestAFolderThatIsALinkStaysOne(t *testing.T) {
	root := project(t, map[string]string{"elsewhere/all.go": generatedText("old")})
	if err := os.Symlink("elsewhere", filepath.Join(root, "gen")); err != nil {
		t.Fatal(err)
	}
	commit(t, outPlan(root, "new", "gen"))
	if target, err := os.Readlink(filepath.Join(root, "gen")); err != nil || target != "elsewhere" {
		t.Errorf("gen links to %q, %v", target, err)
	}
	if got, err := os.ReadFile(filepath.Join(root, "elsewhere", "all.go")); err != nil || string(got) != generatedText("new gen") {
		t.Errorf("elsewhere/all.go is %q, %v", got, err)
	}
}

func TestWhatAnEditorSavesDuringAnExchangeIsKept(t *testing.T) {
	root := project(t, map[string]string{
		"gen/all.go": generatedText("old"), "gen/saved.go": "package gen // old", "gen/stale.go": generatedText("old"), "gen/sub/same.txt": "same",
	})
	r := &replacement{plan: &Plan{root: root, outs: []string{"gen", "gen/sub"}}, folder: "gen", write: map[string][]byte{"gen/all.go": nil}, remove: []string{"gen/stale.go"}}
	r.write["gen/all.go"] = []byte(generatedText("new"))
	place, fresh := filepath.Join(root, "gen"), filepath.Join(root, "fresh")
	if err := errors.Join(r.copy(place, fresh), os.WriteFile(filepath.Join(fresh, "all.go"), r.write["gen/all.go"], 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"saved.go": "package gen // new", "sub/added.txt": "added"} {
		beside := filepath.Join(root, "beside") // as editors save
		if err := errors.Join(os.WriteFile(beside, []byte(text), 0o644), os.Rename(beside, filepath.Join(place, name))); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Rename(place, filepath.Join(root, "old")), os.Rename(fresh, place), r.rescue(filepath.Join(root, "old"), place)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"all.go": generatedText("new"), "saved.go": "package gen // new", "sub/same.txt": "same", "sub/added.txt": "added"}
	if diff := cmp.Diff(want, files(t, place)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestGeneratedFilesOfAFolderThatIsNoneNowAreRemoved(t *testing.T) {
	root := t.TempDir()
	commit(t, outPlan(root, "old", "gen"))
	if err := os.WriteFile(filepath.Join(root, "gen", "mine.go"), []byte("package gen\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	plan := outPlan(root, "new", "db")
	plan.former = []string{"gen"}
	commit(t, plan)
	want := map[string]string{"gen/mine.go": "package gen\n", "db/all.go": generatedText("new db"), "db/db.go": generatedText("new db")}
	if diff := cmp.Diff(want, files(t, root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestAFolderWithFoldersOfOthersKeepsItsIdentityAndTheirs(t *testing.T) {
	root := project(t, map[string]string{"db/all.go": generatedText("old"), "db/queries/q.sql": "SELECT 1;", "db/schema/deep/s.sql": "SELECT 2;"})
	before := stats(t, root, "db", "db/queries", "db/schema", "db/schema/deep")
	commit(t, outPlan(root, "new", "db"))
	for name, info := range stats(t, root, "db", "db/queries", "db/schema", "db/schema/deep") {
		if !os.SameFile(before[name], info) {
			t.Errorf("%s is another folder now, and who watches it hears nothing", name)
		}
	}
	want := map[string]string{
		"db/all.go": generatedText("new db"), "db/db.go": generatedText("new db"), "db/queries/q.sql": "SELECT 1;", "db/schema/deep/s.sql": "SELECT 2;",
	}
	if diff := cmp.Diff(want, files(t, root)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestAFormerFolderElsewhereIsClearedThoughPackagesShareAFolder(t *testing.T) {
	root := project(t, map[string]string{"db/all.go": generatedText("old")})
	plan := outPlan(root, "new", "gen/tenant", "gen/global")
	plan.former = []string{"db"}
	commit(t, plan)
	if got, ok := files(t, root)["db/all.go"]; ok {
		t.Errorf("db/all.go is still there: %q", got)
	}
}

func stats(t *testing.T, root string, names ...string) map[string]os.FileInfo {
	t.Helper()
	found := map[string]os.FileInfo{}
	for _, name := range names {
		info, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		found[name] = info
	}
	return found
}
