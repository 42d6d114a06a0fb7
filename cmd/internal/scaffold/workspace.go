package scaffold

import (
	"os"
	"path/filepath"
)

// Workspace returns the go.work above a folder, which has to name a new module before the go
// command builds it, or empty if there is none.
func Workspace(dir string) string {
	if os.Getenv("GOWORK") == "off" {
		return ""
	}
	for ; ; dir = filepath.Dir(dir) {
		if file := filepath.Join(dir, "go.work"); isFile(file) {
			return file
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
