//go:build !race

package tenanthttp_test

// withRaceDetector says that allocations are not those of a service.
const withRaceDetector = false
