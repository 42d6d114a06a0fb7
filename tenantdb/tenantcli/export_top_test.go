package tenantcli

import "github.com/silokit/silo/tenantdb/catalog"

// Screen is what top has a terminal show.
func Screen(all []catalog.TenantUsage, width, height int) string {
	return (&session{tool: new(tool)}).screen(topping{}, all, width, height)
}
