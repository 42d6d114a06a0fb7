package lifecycle_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

// rawMember is a member of an archive as no tool would write it.
type rawMember struct {
	name     string
	typeflag byte
	link     string
	size     int64             // that is declared
	records  map[string]string // of a PAX header before it
	content  []byte
}

// rawTar writes members as they are (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html).
func rawTar(members ...rawMember) []byte {
	var out bytes.Buffer
	for _, m := range members {
		if len(m.records) > 0 {
			var records bytes.Buffer
			for key, value := range m.records {
				records.WriteString(paxRecord(key, value))
			}
			out.Write(rawHeader("pax", 'x', "", int64(records.Len())))
			out.Write(padded(records.Bytes()))
		}
		out.Write(rawHeader(m.name, m.typeflag, m.link, m.size))
		out.Write(padded(m.content))
	}
	out.Write(make([]byte, 1024))
	return out.Bytes()
}

// paxRecord is "LENGTH KEY=VALUE\n", of which the length counts itself.
func paxRecord(key, value string) string {
	n := len(key) + len(value) + 3
	for {
		text := fmt.Sprintf("%d %s=%s\n", n, key, value)
		if len(text) == n {
			return text
		}
		n = len(text)
	}
}

func padded(b []byte) []byte { return append(bytes.Clone(b), make([]byte, -len(b)&511)...) }

func rawHeader(name string, typeflag byte, link string, size int64) []byte {
	h := make([]byte, 512)
	copy(h, name)
	copy(h[100:], "0000600\x00")
	copy(h[108:], "0000000\x00")
	copy(h[116:], "0000000\x00")
	if size < 1<<33 {
		copy(h[124:], fmt.Sprintf("%011o\x00", size))
	} else { // base-256
		h[124] = 0x80
		for i := range 8 {
			h[135-i] = byte(size >> (8 * i))
		}
	}
	copy(h[136:], "00000000000\x00")
	copy(h[148:], "        ")
	h[156] = typeflag
	copy(h[157:], link)
	copy(h[257:], "ustar\x0000")
	sum := 0
	for _, b := range h {
		sum += int(b)
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
	return h
}

func writeBytes(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
