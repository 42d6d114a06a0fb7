package catalog

import "iter"

// pageSize is how many rows a listing reads at once.
const pageSize = 256

// pages yields what next returns, a page at a time: what comes after the last one that was
// yielded, and at first after the zero value. Nothing is held between two pages; one that is not
// full is the last, and an error ends it.
func pages[T any](next func(last T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last T
		for {
			page, err := next(last)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, one := range page {
				if !yield(one, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			last = page[len(page)-1]
		}
	}
}
