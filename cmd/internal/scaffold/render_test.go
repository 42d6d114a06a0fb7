package scaffold

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestATemplateThatIsWrongIsNamed(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no Go", "package [[.Name]]\n\nfunc {\n", "main.go.tmpl would not be Go, please report it: 3:6"},
		{"no template", "package [[.Name\n", "unclosed action started at main.go.tmpl:1"},
		{"a field that there is not", "package [[.Title]]\n", "can't evaluate field Title"},
	} {
		t.Run(test.name, func(t *testing.T) {
			from := fstest.MapFS{
				"service/common/main.go.tmpl":              {Data: []byte(test.text)},
				"service/resolver/apikey/resolver.go.tmpl": {Data: []byte("package edge\n")},
			}
			files, err := RenderFrom(from, notes(t))
			if err == nil || !strings.Contains(err.Error(), test.want) || len(files) > 0 {
				t.Errorf("%d files, %v; want none, and %q", len(files), err, test.want)
			}
		})
	}
}
