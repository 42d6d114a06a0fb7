//go:build !linux && !darwin

package codegen

// exchangeFolders cannot exchange two folders in one step on this system.
func exchangeFolders(_, _ string) error { return errNoExchange }
