package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// copyWhole copies from to to. What was to be read is said by its size in bytes and its SHA-256;
// if it is something else the error is ErrBadBackup and calls it what.
func copyWhole(ctx context.Context, to io.Writer, from io.Reader, what string, size int64, sum string) error {
	n, got, err := copySum(ctx, to, from)
	if err != nil {
		return err
	}
	if n != size || got != sum {
		return fmt.Errorf("%w: %s has %d bytes with SHA-256 %s, it should have %d with %s", ErrBadBackup, what, n, got, size, sum)
	}
	return nil
}

// copySum copies from to to, and returns how much that is and its SHA-256.
func copySum(ctx context.Context, to io.Writer, from io.Reader) (size int64, sum string, err error) {
	hash := sha256.New()
	size, err = io.Copy(io.MultiWriter(to, hash), withContext(ctx, from))
	return size, hex.EncodeToString(hash.Sum(nil)), err
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// withContext returns a reader that ends with the context.
func withContext(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context //nolint:containedctx // it lives as long as one call
	r   io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
