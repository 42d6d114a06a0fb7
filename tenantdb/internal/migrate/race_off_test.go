//go:build !race

package migrate_test

// withRaceDetector says that reading large texts takes long.
const withRaceDetector = false
