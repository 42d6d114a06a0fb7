//go:build race

package lifecycle_test

// withRaceDetector says that a program takes seconds to start.
const withRaceDetector = true
