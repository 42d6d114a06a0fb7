package tenantcli

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

// spanFlag reads how long a flag says that something lasts: 0 if it is not given. One that is given and
// empty, as by a variable of a shell that is not set, says nothing, and is refused.
func spanFlag(cmd *cobra.Command, flag, text string) (time.Duration, error) {
	if !cmd.Flags().Changed(flag) {
		return 0, nil
	}
	flag = "--" + flag
	if text == "" {
		return 0, usage("%s is empty: write a time such as 36h or 90d", flag)
	}
	d, err := lifecycle.ParseSpan(text)
	if err != nil {
		return 0, usage("%s is %w", flag, err)
	}
	return d, nil
}
