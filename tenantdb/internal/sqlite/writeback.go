package sqlite

// What commits write into the log is in the system's memory until a checkpoint syncs it,
// and the writer waits for the disk then, for some 4 MB at once. Here the system is asked
// to begin writing meanwhile, so that the sync finds little left to do. It is a wish and
// no promise: what is on the disk, and what must be before what, stays the matter of the
// syncs (https://www.sqlite.org/wal.html#performance_considerations). The bytes are the same
// ones, written once, for a log is only added to; of its last page of memory, to which
// the next commit adds, nothing is asked.

// writebackStep is how many bytes are added to a log before the system is asked to write
// them. A tenant that writes little is never asked about.
const writebackStep = 256 << 10

// memoryPage is what files are written to the disk in, at least.
const memoryPage = 4096

// added has the system begin to write what was added to the log, when it is enough. The
// log ends at end now, or this part of it.
func (f *frames) added(end int64) {
	if f.descriptor == noDescriptor {
		return
	}
	if end < f.asked { // the log was begun anew
		f.asked = 0
	}
	if end-f.asked < writebackStep {
		return
	}
	to := end &^ (memoryPage - 1)
	startWriteback(f.descriptor, f.asked, to-f.asked)
	f.asked = to
}

// noDescriptor is where it is not known which file of the system's the log is.
const noDescriptor = -1
