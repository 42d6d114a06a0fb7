package tenantjwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// jwk is a key in a document (RFC 7517). What is not named here is not read, least of all where
// else a key might be found.
type jwk struct {
	Kty string   `json:"kty"`
	Use string   `json:"use"`
	Ops []string `json:"key_ops"`
	Alg string   `json:"alg"`
	Kid string   `json:"kid"`
	Crv string   `json:"crv"`
	N   string   `json:"n"`
	E   string   `json:"e"`
	X   string   `json:"x"`
	Y   string   `json:"y"`
	D   string   `json:"d"`
}

// ParseJWKS returns the keys of a JWKS document that verify signatures, for [StaticKeys]. Keys
// of other uses and unknown types, which documents may have, are left out, and so
// are secrets and private keys, which should not be in one. A document that is none is an error;
// one that has no key is not.
func ParseJWKS(document []byte) ([]Key, error) {
	has, err := parse(document)
	return has.keys, err
}

// contents are what a document has.
type contents struct {
	keys   []Key
	leaked int // how many secrets and private keys, which are not among keys
}

func parse(document []byte) (has contents, err error) {
	var all struct {
		Keys *[]json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(document, &all); err != nil {
		return has, fmt.Errorf("tenantjwt: the document is no JWKS: %w", err)
	}
	if all.Keys == nil {
		return has, errors.New("tenantjwt: the document is no JWKS: it has no keys")
	}
	for _, raw := range *all.Keys {
		var k jwk
		if json.Unmarshal(raw, &k) != nil {
			continue
		}
		if k.Kty == "oct" || k.D != "" {
			has.leaked++
		} else if key, ok := k.key(); ok && key.check() == nil {
			has.keys = append(has.keys, key)
		}
	}
	return has, nil
}

// key returns the key, if it is one that verifies signatures.
func (k *jwk) key() (Key, bool) {
	if k.Use != "" && k.Use != "sig" || len(k.Ops) > 0 && !slices.Contains(k.Ops, "verify") {
		return Key{}, false
	}
	var public any
	switch k.Kty {
	case "RSA":
		public = k.rsa()
	case "EC":
		public = k.ecdsa()
	case "OKP":
		if k.Crv == "Ed25519" {
			public = ed25519.PublicKey(number(k.X))
		}
	}
	return Key{ID: k.Kid, Public: public, Method: k.Alg}, public != nil
}

func (k *jwk) rsa() *rsa.PublicKey {
	e := new(big.Int).SetBytes(number(k.E))
	if e.BitLen() > 31 {
		return nil
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(number(k.N)), E: int(e.Int64())}
}

func (k *jwk) ecdsa() *ecdsa.PublicKey {
	curve, ok := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[k.Crv]
	if !ok {
		return nil
	}
	x, y := number(k.X), number(k.Y)
	if size := (curve.Params().BitSize + 7) / 8; len(x) != size || len(y) != size {
		return nil
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil
	}
	return key
}

// number decodes a number of a key; of what is none it is nil.
func number(text string) []byte {
	n, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil
	}
	return n
}
