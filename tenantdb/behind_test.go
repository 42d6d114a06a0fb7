package tenantdb

import (
	"bytes"
	"errors"
	"testing"
)

// failing fails once it was written to so many times.
type failing struct {
	bytes.Buffer
	after int
}

var errFailing = errors.New("it fails")

func (f *failing) Write(p []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, errFailing
	}
	return f.Buffer.Write(p)
}

func TestWhatIsWrittenBehindIsWrittenInOrderUntilItFails(t *testing.T) {
	for _, after := range []int{0, 1, 2, 3, 10} {
		out := &failing{after: after}
		b, buffer := writeBehind(out, 1)
		var err error
		for i := 0; i < 4 && err == nil; i++ {
			buffer = append(buffer, byte('a'+i))
			buffer, err = b.next(buffer)
		}
		err = errors.Join(err, b.close())
		want := "abcd"[:min(after, 4)]
		if out.String() != want || errors.Is(err, errFailing) != (after < 4) {
			t.Errorf("failing after %d: %q was written, %v", after, out.String(), err)
		}
	}
}
