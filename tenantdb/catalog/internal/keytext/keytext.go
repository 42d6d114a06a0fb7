// Package keytext is what an API key looks like: silo_ID_SECRET, in small letters and the
// digits 2 to 7 (RFC 4648, base32). The ID, 80 bits, finds the key and is no secret. The
// secret, 260 bits, ends in a checksum of all before it, so that a typo needs no look-up, and
// a scanner for leaked secrets finds keys and little else: silo_[a-z2-7]{16}_[a-z2-7]{59}.
package keytext

import (
	"crypto/rand"
	"crypto/sha256"
	"hash/crc32"
	"strings"
)

const (
	// Prefix begins every key.
	Prefix = "silo_"

	secretLength = 52
	sumLength    = 7
	alphabet     = "abcdefghijklmnopqrstuvwxyz234567"

	// IDLength is the length of a key's ID.
	IDLength = 16

	// Length is that of a whole key.
	Length = len(Prefix) + IDLength + 1 + secretLength + sumLength
)

// New returns a new key and its ID.
func New() (id, text string) {
	id = strings.ToLower(rand.Text()[:IDLength])
	text = Prefix + id + "_" + strings.ToLower(rand.Text() + rand.Text())[:secretLength]
	sum := checksum(text)
	return id, text + string(sum[:])
}

// Parse returns the ID of a key, or false for a text that no key has.
func Parse(text string) (id string, ok bool) {
	if len(text) != Length || text[:len(Prefix)] != Prefix {
		return "", false
	}
	id, rest := text[len(Prefix):len(Prefix)+IDLength], text[len(Prefix)+IDLength:]
	if !IsID(id) || rest[0] != '_' || !spelt(rest[1:]) {
		return "", false
	}
	sum := checksum(text[:Length-sumLength])
	return id, string(sum[:]) == text[Length-sumLength:]
}

// IsID reports whether a text could be a key's ID.
func IsID(text string) bool { return len(text) == IDLength && spelt(text) }

// spelt reports whether a text is in the alphabet.
func spelt(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// Hash returns the SHA-256 of a whole key. One that takes long, as for passwords, would
// slow down nobody who guesses: there are 2^260 secrets to try, all equally likely.
func Hash(text string) [sha256.Size]byte {
	var buffer [Length]byte // of a copy that is not on the heap
	return sha256.Sum256(buffer[:copy(buffer[:], text)])
}

// checksum returns the CRC-32 (IEEE 802.3) of a text, in the alphabet.
func checksum(text string) (sum [sumLength]byte) {
	crc := ^uint32(0)
	for i := range len(text) { // crc32.ChecksumIEEE would need a copy on the heap
		crc = crc32.IEEETable[byte(crc)^text[i]] ^ crc>>8
	}
	bits := uint64(^crc) << 3 // 35 bits
	for i := range sum {
		sum[i] = alphabet[bits>>(5*(sumLength-1-i))&31]
	}
	return sum
}
