package config_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/silokit/silo/examples/service/internal/config"
)

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	t.Setenv(config.Prefix+"ADDR", "127.0.0.1:0")
	t.Setenv(config.Prefix+"DATA", "elsewhere")
	t.Setenv(config.Prefix+"DRAIN_TIMEOUT", "3s")
	c, err := config.Load()
	if err != nil || c.Addr != "127.0.0.1:0" || c.Data != "elsewhere" || c.DrainTimeout != 3*time.Second {
		t.Errorf("the settings are %+v, %v; want the address, the folder, and 3 s", c, err)
	}
}

func TestAValueThatIsNoneIsAnErrorThatNamesTheVariable(t *testing.T) {
	for _, test := range []struct{ variable, value string }{
		{"DRAIN_TIMEOUT", "soon"}, {"LOG_LEVEL", "loud"}, {"LOG_FORMAT", "xml"}, {"MAX_BODY", "1 MB"},
	} {
		t.Run(test.variable, func(t *testing.T) {
			t.Setenv(config.Prefix+test.variable, test.value)
			if _, err := config.Load(); err == nil || !strings.Contains(err.Error(), config.Prefix+test.variable) {
				t.Errorf("%v, want an error with %q", err, config.Prefix+test.variable)
			}
		})
	}
}

func TestTheReferenceHasEachVariable(t *testing.T) {
	var out bytes.Buffer
	if err := config.Reference(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ADDR", "DATA", "LOG_LEVEL", "LOG_FORMAT", "MAX_BODY", "MAX_OPEN", "DRAIN_DELAY", "DRAIN_TIMEOUT"} {
		if !strings.Contains(out.String(), "\n"+config.Prefix+want+" ") {
			t.Errorf("the reference has no %s:\n%s", want, &out)
		}
	}
}
