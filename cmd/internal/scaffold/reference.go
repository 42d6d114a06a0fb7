package scaffold

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// ReferenceDir is where a service that was made of the templates is kept, in Silo's own module:
// there its code is vetted, linted and tested like all other, and read by who wants to see what
// silo new makes.
const ReferenceDir = "examples/service"

// Reference returns the files of that service, of the templates in a folder: all but those that
// make a module of it.
func Reference(from fs.FS, toolkit Toolkit) ([]File, error) {
	files, err := fill(from, Service{Name: path.Base(ReferenceDir), Module: path.Join(silo, ReferenceDir), Resolver: APIKey, Toolkit: toolkit})
	return slices.DeleteFunc(files, func(f File) bool { return IsModuleFile(f.Path) }), err
}

// IsModuleFile reports whether a file of a service is one that the go command keeps.
func IsModuleFile(name string) bool {
	base := path.Base(name)
	return base == "go.mod" || base == "go.sum"
}

// IsGenerated reports whether a file of a service is one that silo generate or wire makes.
func IsGenerated(name string) bool {
	return strings.HasPrefix(name, "gen/") || path.Base(name) == "wire_gen.go"
}

// Template returns the template, and its path, of a file that a tool has made in a service of
// that module with a checkout: what [Render] makes the same file of for any other.
func Template(file File, module string, toolkit Toolkit) File {
	text := strings.ReplaceAll(string(file.Contents), module, "[[.Module]]")
	switch path.Base(file.Path) {
	case "go.mod":
		text = strings.Replace(text, silo+" "+toolkit.Version, silo+" [[.Toolkit.Version]]", 1)
		text = strings.Replace(text, toolkit.Replace(), "[[.Toolkit.Replace]]", 1)
	case "go.sum":
		text = withPlace(text, "[[.Toolkit.Sums]]")
	}
	return File{Path: file.Path + suffix, Contents: []byte(text)}
}

// withPlace returns the text of go.sum with a text where Silo's own lines belong: it is sorted.
func withPlace(sums, text string) string {
	var b strings.Builder
	placed := false
	for line := range strings.Lines(sums) {
		if name, _, _ := strings.Cut(line, " "); !placed && name > silo {
			b.WriteString(text)
			placed = true
		}
		b.WriteString(line)
	}
	if !placed {
		b.WriteString(text)
	}
	return b.String()
}
