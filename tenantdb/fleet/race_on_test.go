//go:build race

package fleet_test

// withRaceDetector says that a program takes seconds to start.
const withRaceDetector = true
