// Package dev runs a program while it is written: when its files change it generates, builds and starts it
// anew, and while what is written does not compile, what was built last goes on.
//
// One goroutine does all of that, in rounds ([Run]). Beside it there are two more, which it joins: one waits for
// changes of files (watcher), and one for the end of the program (process). Events only say that something may have
// changed; what has, is seen by comparing what files there are with those of the round before. So
// what a round writes itself begins no other, a storm of events is one round, and where
// the system tells of no changes, looking each second is the same.
package dev
