package tenantjwt

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// Key verifies signatures.
type Key struct {
	// ID is what tokens call it (kid): one that names a key is verified by that key alone, so a key
	// without an ID is for tokens that name none. Those are tried with all keys of their method, if
	// these are eight at the most.
	ID string

	// Public is an *rsa.PublicKey of at least 2,048 bits, an *ecdsa.PublicKey, an
	// ed25519.PublicKey, or for the methods HS* a secret, a []byte of at least 32 bytes.
	Public any

	// Method is the one method that it is for. Defaults to all of its type.
	Method string
}

// Format writes the key's ID and type, whatever the verb: what verifies may be a secret.
func (k Key) Format(to fmt.State, _ rune) { fmt.Fprintf(to, "key %q of type %T", k.ID, k.Public) }

// MarshalText is what Format writes, for logs in JSON.
func (k Key) MarshalText() ([]byte, error) { return fmt.Append(nil, k), nil }

// minSecret is the least bytes of a secret: as many as the shortest of its signatures (RFC 7518,
// 3.2).
const minSecret = 32

// methods say which keys each method takes: a key of another type, such as a public one that is
// taken for a secret, verifies nothing.
var methods = map[string]func(key any) bool{
	"RS256": isRSA, "RS384": isRSA, "RS512": isRSA, "PS256": isRSA, "PS384": isRSA, "PS512": isRSA,
	"ES256": onCurve(elliptic.P256()), "ES384": onCurve(elliptic.P384()), "ES512": onCurve(elliptic.P521()),
	"EdDSA": isEd25519, "HS256": isSecret, "HS384": isSecret, "HS512": isSecret,
}

func isRSA(key any) bool {
	_, ok := key.(*rsa.PublicKey)
	return ok
}

func isEd25519(key any) bool {
	_, ok := key.(ed25519.PublicKey)
	return ok
}

func isSecret(key any) bool {
	_, ok := key.([]byte)
	return ok
}

func onCurve(curve elliptic.Curve) func(any) bool {
	return func(key any) bool {
		k, ok := key.(*ecdsa.PublicKey)
		return ok && k.Curve == curve
	}
}

// check returns why the key is none.
func (k *Key) check() error {
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		if public == nil || public.N == nil || public.N.BitLen() < 2048 || public.E < 3 || public.E&1 == 0 {
			return errors.New("an RSA key has at least 2048 bits and an odd exponent from 3")
		}
	case *ecdsa.PublicKey:
		if public == nil || public.Curve == nil {
			return errors.New("it is empty")
		}
		if _, err := public.ECDH(); err != nil {
			return fmt.Errorf("it is no point of its curve: %w", err)
		}
	case ed25519.PublicKey:
		if len(public) != ed25519.PublicKeySize {
			return fmt.Errorf("an Ed25519 key has %d bytes", ed25519.PublicKeySize)
		}
	case []byte:
		if len(public) < minSecret {
			return fmt.Errorf("a secret has at least %d bytes", minSecret)
		}
	default:
		return fmt.Errorf("%T is no key to verify with", k.Public)
	}
	if k.Method != "" && !k.fits(k.Method) {
		return fmt.Errorf("it is not of the type of %s", k.Method)
	}
	return nil
}

// bySecret reports whether a method is one whose signatures are made with what they are verified with.
func bySecret(method string) bool { return methods[method]([]byte(nil)) }

// fits reports whether the key verifies signatures of the method.
func (k *Key) fits(method string) bool {
	fits := methods[method]
	return fits != nil && fits(k.Public) && (k.Method == "" || k.Method == method)
}

// same reports whether two keys are one.
func (k *Key) same(other *Key) bool {
	return k.ID == other.ID && k.Method == other.Method && reflect.DeepEqual(k.Public, other.Public)
}

// Keys are where verification keys come from: [StaticKeys] or a [JWKS].
type Keys interface {
	// find returns the keys that a token may be of, which may name none: one at least, or an error.
	find(ctx context.Context, id, method string) (keySet, error)
	// renewed reports whether there may be others now than when find was called, and waits until
	// that is known.
	renewed(ctx context.Context) bool
	// holds reports whether the key, which find has returned, still counts.
	holds(ctx context.Context, key *Key) bool
	// mayHold reports whether there is a key of the method, or may be one later.
	mayHold(method string) bool
}

// noKey is the error of a token whose key is not there. It says which it asks for.
func noKey(id, method string) error {
	const most = 80 // of a text that a client may have made long
	if id == "" {
		return refuse("it names no key, and of those for %s there are none, or more than %d", method, mostTried)
	}
	return refuse("there is no key %.*q for %s", most, id, method)
}

// keySet are keys that do not change.
type keySet []*Key

// mostTried is how many keys a token is tried with.
const mostTried = 8

// find returns the keys of that ID for the method, or without an ID all that fit. A document may
// have several, as while an issuer that names none changes from one to another. If there are so
// many that who has none could have us try for long, it returns none.
func (s keySet) find(id, method string) (found keySet) {
	for _, k := range s {
		if k.fits(method) && (id == "" || k.ID == id) {
			found = append(found, k)
		}
	}
	if len(found) > mostTried {
		return nil
	}
	return found
}

type staticKeys struct{ set keySet }

// StaticKeys are keys that are known when the service starts; for other ones it is started
// again. Keys that are none, and two of one ID, are an error.
func StaticKeys(key Key, more ...Key) (Keys, error) {
	ids := map[string]bool{}
	var set keySet
	for _, k := range append([]Key{key}, more...) {
		if err := k.check(); err != nil {
			return nil, fmt.Errorf("tenantjwt: %w: the key %q: %w", ErrOptions, k.ID, err)
		}
		if ids[k.ID] || k.ID == "" && len(more) > 0 {
			return nil, fmt.Errorf("tenantjwt: %w: keys of which there are several need IDs that differ, and one has %q", ErrOptions, k.ID)
		}
		ids[k.ID] = true
		set = append(set, &k)
	}
	return &staticKeys{set}, nil
}

func (s *staticKeys) find(_ context.Context, id, method string) (keySet, error) {
	if found := s.set.find(id, method); len(found) > 0 {
		return found, nil
	}
	return nil, noKey(id, method)
}

func (*staticKeys) renewed(context.Context) bool { return false }

func (*staticKeys) holds(context.Context, *Key) bool { return true }

func (s *staticKeys) mayHold(method string) bool {
	return slices.ContainsFunc(s.set, func(k *Key) bool { return k.fits(method) })
}
