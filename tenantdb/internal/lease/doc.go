// Package lease keeps expensive values open while they are in use and, least recently
// used first, for as long as there is room. It is the hard part of holding thousands of
// databases with the descriptors for some hundreds of them.
//
// A [Cache] opens a value when a key is first acquired, hands out a [Lease] to each
// caller that wants it, and closes it some time after the last lease was given back:
// when another key needs the room, when it has been idle for long, when it was
// discarded or evicted, or when the cache itself is closed. A value is never closed
// while it is leased, and a key never has two values.
//
// The package knows keys and values and nothing of either: no SQL, no files, no
// tenants. It must stay so. Whatever opening and closing means is in the functions it
// is given, and it calls them without holding its lock.
package lease
