//go:build !cgo

package contend

func cgoContenders() ([]Contender, string) {
	return nil, "mattn, C: this program was built without cgo; `make bench` builds it with cgo where gcc is installed"
}
