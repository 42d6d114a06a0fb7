package tenantdb

import "io"

// behind writes what it is given, in order, while its user reads more. Its goroutine ends
// with close.
type behind struct {
	full  chan []byte
	spare chan written
}

// written is a buffer that can be filled again, and what became of what was in it.
type written struct {
	buffer []byte
	err    error
}

// writeBehind returns a behind that writes to w, and a buffer of size bytes to be filled first.
func writeBehind(w io.Writer, size int64) (*behind, []byte) {
	b := &behind{full: make(chan []byte), spare: make(chan written, 2)} // both, so that it waits for nobody
	b.spare <- written{buffer: make([]byte, 0, size)}
	go func() {
		defer close(b.spare)
		var err error
		for buffer := range b.full {
			if err == nil {
				_, err = w.Write(buffer)
			}
			b.spare <- written{buffer[:0], err}
		}
	}()
	return b, make([]byte, 0, size)
}

// next takes over a full buffer and returns an empty one. Its error is that of an earlier
// write, after which nothing is written.
func (b *behind) next(buffer []byte) ([]byte, error) {
	b.full <- buffer
	empty := <-b.spare
	return empty.buffer, empty.err
}

// close waits until all is written. It is called once, when next is not called any more.
func (b *behind) close() (err error) {
	close(b.full)
	for last := range b.spare {
		err = last.err
	}
	return err
}
