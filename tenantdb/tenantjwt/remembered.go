package tenantjwt

import (
	"strings"
	"sync"
	"time"

	"github.com/silokit/silo/tenantdb/tenanthttp"
)

// remembered are tokens that were verified.
type remembered struct {
	most   int
	mu     sync.RWMutex // guards tokens; nothing is waited for under it
	tokens map[string]verified
}

// verified is what a token was found to say.
type verified struct {
	who   tenanthttp.Identity
	key   *Key      // by which it was verified
	until time.Time // when it has expired
}

func newRemembered(most int) *remembered {
	return &remembered{most: most, tokens: map[string]verified{}}
}

// find returns what is remembered of a token that has not expired.
func (m *remembered) find(token string) (verified, bool) {
	if m.most < 0 {
		return verified{}, false
	}
	m.mu.RLock()
	known, ok := m.tokens[token]
	m.mu.RUnlock()
	return known, ok && time.Now().Before(known.until)
}

// keep remembers a token. Those that have expired make room, or else all of them do: only
// who has valid tokens can fill it.
func (m *remembered) keep(token string, v verified) {
	if m.most < 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.tokens) >= m.most {
		now := time.Now()
		for t, known := range m.tokens {
			if !now.Before(known.until) {
				delete(m.tokens, t)
			}
		}
		if len(m.tokens) >= m.most {
			clear(m.tokens)
		}
	}
	m.tokens[strings.Clone(token)] = v
}
