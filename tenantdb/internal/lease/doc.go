// Package lease keeps expensive values open while they are in use and for as long as
// there is room. It is the hard part of holding thousands of
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
//
// # How it works
//
// What is common must be cheap, and what is rare must be right. Common is to lease a value
// that is open and to give it back. For that a value has a turnstile: one word that counts
// its leases and says whether there may be more, changed by one atomic step to lease and
// one to give back. A [Ref] remembers where the value is, so that even the look-up in the
// cache's map falls away. All else is rare, and happens under the cache's one lock:
// opening, closing, waiting, fencing. It begins by shutting the turnstile, after which
// leases only get fewer, and the last one to be given back takes the lock and goes on
// with what waits for it. A value is closed only by who has shut its turnstile and found
// it empty; to make room, both are one atomic step.
//
// Without a Ref, Acquire takes the lock for a look-up. A map that is read without one
// would be a second book to keep, and save some 20 ns of what is, where there is no Ref
// yet, the beginning of something longer.
//
// A list in the order of use cannot be kept without a lock. In its place there is a clock:
// a lease leaves a mark in the turnstile's word, which it writes anyway, and who looks for
// a value to close, or sweeps, takes the mark off and sends the value to the end of the
// list. So the order is that of use, as far as it was looked at.
//
// Who goes through many keys and comes back to none leases by [Cache.AcquireOnce], and says so
// again afterwards ([Cache.DiscardUnwanted]): what nobody else has asked for is closed at once,
// and drives nothing out.
//
// A lease is given back exactly once, by its owner, whose variable is zeroed by that. To
// find copies that are given back as well would take a lock or a record for each lease;
// what is caught, with a panic, is that a value has fewer leases than were given back.
package lease
