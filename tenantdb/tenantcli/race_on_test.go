//go:build race

package tenantcli_test

// withRaceDetector says that a program takes seconds to start.
const withRaceDetector = true
