package lease

// Stat is how things stood in a [Cache] at one moment. Open + Opening + Closing is never
// more than Limit.
type Stat struct {
	Limit   int // most values at once
	Open    int // values that are open: InUse + Idle
	InUse   int // open values with at least one lease
	Idle    int // open values with none
	Opening int // values being opened
	Closing int // values being closed
	Waiting int // calls of Acquire that wait: for room, for another's opening, for an Evict

	// Counted since New.
	Opens        uint64 // values opened
	OpenFailures uint64 // openings that failed, but for those whose opener's context ended
	Closes       uint64 // values closed, for whatever reason
	Evictions    uint64 // idle values closed to make room, or by EvictIdle
}
