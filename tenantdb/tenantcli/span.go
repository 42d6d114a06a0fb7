package tenantcli

import (
	"time"

	"github.com/silokit/silo/tenantdb/lifecycle"
)

// span reads how long a flag says that something lasts: 0 if it is not given.
func span(flag, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := lifecycle.ParseSpan(text)
	if err != nil {
		return 0, usage("%s is %w", flag, err)
	}
	return d, nil
}
