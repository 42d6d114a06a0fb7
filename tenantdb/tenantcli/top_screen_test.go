package tenantcli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/catalog"
	"github.com/silokit/silo/tenantdb/tenantcli"
	"github.com/silokit/silo/tenantdb/tenanttest"
)

// However small a terminal is, nothing runs off it, no line loses its last column, and tenants are seen.
func TestTopFitsATerminalOfAnySize(t *testing.T) {
	var all []catalog.TenantUsage
	for i := range 30 {
		all = append(all, catalog.TenantUsage{Tenant: tenanttest.ID(t, fmt.Sprintf("tenant-%02d-of-a-long-name", i)), State: catalog.Active, Calls: 1 << 40})
	}
	for _, width := range []int{1, 10, 80, 200} {
		for height := 1; height <= 40; height++ {
			screen := tenantcli.Screen(all, width, height)
			if lines := strings.Count(screen, "\r\n"); lines > height-1 {
				t.Errorf("%d by %d: it goes down %d lines", width, height, lines)
			}
			if width > 8 && !strings.Contains(screen, "tenant-00") {
				t.Errorf("%d by %d: it shows no tenant: %q", width, height, screen)
			}
			for line := range strings.Lines(strings.TrimPrefix(screen, "\x1b[H")) {
				if text, ok := strings.CutPrefix(line, "\x1b[K"); strings.Contains(text, "\x1b[K") || !ok && line != "\x1b[J" {
					t.Errorf("%d by %d: a line is not cleared before it is written: %q", width, height, line)
				}
			}
		}
	}
}
