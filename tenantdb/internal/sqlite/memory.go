package sqlite

import (
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
)

// SQLite's memory is outside Go's heap: libc's allocator maps it, so the garbage
// collector neither moves nor frees it, and passes over pointers to it. The conversions
// from addresses to Go pointers go through this file. They are sound as long as a result
// does not outlive the C memory, which each caller states: memory that was freed may be
// given out again for something else; or unmapped, and the place become part of Go's heap,
// where the collector stops the program at a pointer to what it has not given out.

// bytesAt views n bytes of C memory at p. The caller must not keep the slice
// beyond the life of that memory.
func bytesAt(p uintptr, n int) []byte {
	if p == 0 || n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(p)), n)
}

// pointer converts the address of C memory. Go through a pointer to the address:
// the direct conversion is what go vet reports, and its reason, that the address
// may be of a Go object which moves or dies, does not hold for C memory. An address
// must not be of Go's memory: as a number it would keep nothing alive.
func pointer(p uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&p))
}

// readPointer reads the address stored at p.
func readPointer(p uintptr) uintptr { return *(*uintptr)(pointer(p)) }

// goString copies the NUL-terminated C string at p.
func goString(p uintptr) string {
	if p == 0 {
		return ""
	}
	return libc.GoString(p)
}

// alloc allocates n bytes of C memory; 0 means that there is none.
func alloc(tls *libc.TLS, n int) uintptr { return libc.Xmalloc(tls, types.Size_t(n)) }

func free(tls *libc.TLS, p uintptr) {
	if p != 0 {
		libc.Xfree(tls, p)
	}
}

// funcPointer turns a Go function into what the translated SQLite calls as a C
// function pointer: the address of the function value, which for a top-level
// function is in read-only data and never moves. See
// https://golang.org/s/go11func for the representation.
func funcPointer[F any](f F) uintptr {
	return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f}))
}
