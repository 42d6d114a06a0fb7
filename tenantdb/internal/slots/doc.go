// Package slots hands out a few numbered places, each to one caller at a time, in the
// order of the calls. What is in a place is its users' business: the package tells
// them only whether one was ever filled. A place that is free is taken and given back
// by one atomic operation each, without a lock.
//
// The package knows no SQL and no connections.
package slots
