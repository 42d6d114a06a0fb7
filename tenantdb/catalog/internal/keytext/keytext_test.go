package keytext

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"regexp"
	"strings"
	"testing"
)

// scanner is the pattern that the package's comment gives to those who look for leaked keys.
var scanner = regexp.MustCompile(`^silo_[a-z2-7]{16}_[a-z2-7]{59}$`)

func TestNewKeysHaveTheFormThatScannersLookFor(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id, text := New()
		if !scanner.MatchString(text) || len(text) != Length {
			t.Fatalf("the key is %s", text)
		}
		if got, ok := Parse(text); !ok || got != id {
			t.Fatalf("Parse(%s): %s, %v, want %s", text, got, ok, id)
		}
		if seen[id] || seen[text] {
			t.Fatalf("%s came twice", text)
		}
		seen[id], seen[text] = true, true
	}
}

func TestEveryTypoIsNoticed(t *testing.T) {
	_, text := New()
	for i := range text {
		for _, c := range []byte("a2z7_AZ018-. \x00\xff") {
			if c == text[i] {
				continue
			}
			if wrong := text[:i] + string(c) + text[i+1:]; isKey(wrong) {
				t.Errorf("%q is taken for a key", wrong)
			}
		}
		if i > 0 && text[i] != text[i-1] {
			if wrong := text[:i-1] + text[i:i+1] + text[i-1:i] + text[i+1:]; isKey(wrong) {
				t.Errorf("%q, with two characters exchanged, is taken for a key", wrong)
			}
		}
	}
}

func TestOtherTextsAreNoKeys(t *testing.T) {
	id, text := New()
	for _, wrong := range []string{
		"", "silo_", "silo__", id, "silo_" + id, "silo_" + id + "_",
		text + "a", text[1:], text[:len(text)-1], " " + text, text + "\n", "Bearer " + text,
		strings.ToUpper(text), "SILO_" + text[5:], text + text,
		strings.Repeat("a", Length), strings.Repeat("_", Length), strings.Repeat("\x00", Length),
		"silo_" + strings.Repeat("é", (Length-5)/2), strings.Repeat("a", 1<<20),
	} {
		if isKey(wrong) {
			t.Errorf("%.100q is taken for a key", wrong)
		}
	}
	for wrong, want := range map[string]bool{id: true, "": false, id + "a": false, id[1:]: false, strings.ToUpper(id): false, "acme": false, strings.Repeat("1", IDLength): false} {
		if IsID(wrong) != want {
			t.Errorf("IsID(%q) is %v", wrong, !want)
		}
	}
}

// A checksum is no secret: whoever makes up a text can give it the right one.
func TestARightChecksumMakesNoKeyOfAnotherForm(t *testing.T) {
	id, text := New()
	secret := text[len(Prefix)+IDLength+1 : Length-sumLength]
	with := func(body string) string {
		sum := checksum(body)
		return body + string(sum[:])
	}
	if with(Prefix+id+"_"+secret) != text {
		t.Fatal("the test makes them up wrongly")
	}
	for _, body := range []string{
		"solo_" + id + "_" + secret, Prefix + id + "-" + secret, Prefix + id + "a" + secret, Prefix + strings.ToUpper(id) + "_" + secret,
		Prefix + id + "_" + strings.ToUpper(secret), Prefix + id + "_" + secret[:51] + "1", Prefix + id + "_\x00" + secret[1:], Prefix + id + "_" + secret + "a",
	} {
		if isKey(with(body)) {
			t.Errorf("%q is taken for a key", with(body))
		}
	}
}

func isKey(text string) bool {
	_, ok := Parse(text)
	return ok
}

func TestTheChecksumIsACRCInBase32(t *testing.T) {
	for _, text := range []string{"", "a", "silo_abc", strings.Repeat("silo", 100)} {
		crc := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text)))
		want := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(crc))
		if got := checksum(text); string(got[:]) != want {
			t.Errorf("of %q: %s, want %s", text, got, want)
		}
	}
}

func TestLookingAtAKeyAllocatesNothing(t *testing.T) {
	_, text := New()
	n := testing.AllocsPerRun(100, func() {
		if id, ok := Parse(text); !ok || Hash(text) == [sha256.Size]byte{} {
			t.Error(id)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
	if Hash(text) != sha256.Sum256([]byte(text)) {
		t.Error("the hash is not SHA-256")
	}
}

func FuzzParse(f *testing.F) {
	id, text := New()
	for _, seed := range []string{"", text, "silo_" + id, strings.ToUpper(text), text[:40] + "\x00" + text[41:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, ok := Parse(text)
		if !ok {
			return
		}
		if !scanner.MatchString(text) || text[5:5+IDLength] != id || !IsID(id) {
			t.Errorf("Parse(%q) is %q", text, id)
		}
		body := text[:Length-sumLength]
		if sum := checksum(body); body+string(sum[:]) != text {
			t.Errorf("%q has a wrong checksum", text)
		}
	})
}
