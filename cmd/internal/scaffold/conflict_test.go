package scaffold

import "testing"

func TestOfManyFilesInTheWayFiveAreNamed(t *testing.T) {
	for _, test := range []struct {
		paths []string
		want  string
	}{
		{[]string{"a"}, "there already, and another than would be written: a; nothing was written"},
		{[]string{"a", "b", "c", "d", "e"}, "there already, and another than would be written: a, b, c, d, e; nothing was written"},
		{[]string{"a", "b", "c", "d", "e", "f", "g"}, "there already, and another than would be written: a, b, c, d, e and 2 more; nothing was written"},
	} {
		if got := (&ConflictError{test.paths}).Error(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
