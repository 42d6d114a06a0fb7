package tenanttest

import (
	"os"
	"path/filepath"
	"strings"
)

// openFiles returns the files below folder that this process has open.
func openFiles(folder string) []string {
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		return nil
	}
	var open []string
	for _, link := range links {
		// A descriptor may have been closed since it was listed.
		if path, err := os.Readlink(link); err == nil && strings.HasPrefix(path, folder+string(filepath.Separator)) {
			open = append(open, path)
		}
	}
	return open
}
