package scaffold

import (
	"bytes"
	"fmt"
	"go/format"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"

	"github.com/silokit/silo/templates"
)

// File is a file of a new service.
type File struct {
	Path     string // relative to the service's folder, with slashes
	Contents []byte
}

const (
	common    = "service/common"   // the templates of all services
	overlays  = "service/resolver" // those of each resolver, which come on top
	suffix    = ".tmpl"
	nameInDir = "NAME" // in paths, where the service's name is to be
)

// Render returns the files of a service, sorted by path. What the service is asked to be and
// cannot is ErrName, ErrModule, ErrResolver or ErrToolkit.
func Render(s Service) ([]File, error) { return RenderFrom(templates.Service, s) }

// RenderFrom is Render of the templates in a folder that is like templates.
func RenderFrom(from fs.FS, s Service) ([]File, error) {
	s, err := s.completed()
	if err != nil {
		return nil, err
	}
	return fill(from, s)
}

// fill returns the files of a service that is known to be one, of the templates in a folder.
func fill(from fs.FS, s Service) ([]File, error) {
	byPath := map[string]File{}
	for _, dir := range []string{common, path.Join(overlays, string(s.Resolver))} {
		err := eachTemplate(from, dir, func(name, text string) error {
			file, err := render(s, name, text)
			byPath[file.Path] = file
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("scaffold: %w", err)
		}
	}
	var files []File
	for _, file := range byPath {
		files = append(files, file)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// eachTemplate calls f with the path of each template below a folder and its text.
func eachTemplate(from fs.FS, dir string, f func(name, text string) error) error {
	return fs.WalkDir(from, dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return f(strings.TrimPrefix(name, dir+"/"), string(text))
	})
}

// render fills in one template. Go code is formatted: where imports belong among others
// depends on the module's path.
func render(s Service, name, text string) (File, error) {
	file := File{Path: strings.ReplaceAll(strings.TrimSuffix(name, suffix), nameInDir, s.Name)}
	parsed, err := template.New(name).Delims("[[", "]]").Option("missingkey=error").Parse(text)
	if err != nil {
		return file, err
	}
	var filled bytes.Buffer
	if err := parsed.Execute(&filled, s); err != nil {
		return file, err
	}
	file.Contents = filled.Bytes()
	if path.Ext(file.Path) == ".go" {
		if file.Contents, err = format.Source(file.Contents); err != nil {
			return file, fmt.Errorf("%s would not be Go, please report it: %w", name, err)
		}
	}
	return file, nil
}
