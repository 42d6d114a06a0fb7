//go:build !unix

package lifecycle

// asItIs is nothing that the system knows: what is at the name is looked at before.
const asItIs = 0
