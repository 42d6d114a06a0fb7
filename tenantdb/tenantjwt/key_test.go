package tenantjwt_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/silokit/silo/tenantdb/tenantjwt"
)

func TestWhatAKeyVerifiesWithIsNotPrinted(t *testing.T) {
	key := tenantjwt.Key{ID: "k1", Public: []byte("0123456789abcdef0123456789abcdef")}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "key", key, "keys", []any{key})
	for _, text := range []string{fmt.Sprint(key), fmt.Sprintf("%+v", key), fmt.Sprintf("%#v", &key), fmt.Sprintf("%s %x %d", key, key, key), log.String()} {
		if strings.Contains(text, "0123456789abcdef") || strings.Contains(text, "3031323334") || strings.Contains(text, "MDEyMzQ1") || strings.Contains(text, "48 49") {
			t.Errorf("printed: %s", text)
		}
		if !strings.Contains(text, "k1") {
			t.Errorf("the ID is not printed: %s", text)
		}
	}
}
