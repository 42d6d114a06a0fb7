//go:build !unix

package durable

// SyncDir does nothing: Windows gives no way to flush a folder, and its file
// systems journal names.
func SyncDir(string) error { return nil }
