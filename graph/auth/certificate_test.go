package auth

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"
)

// selfSigned returns a certificate of the key, until ends.
func selfSigned(t testing.TB, key crypto.Signer, ends time.Time) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "test"}, NotBefore: ends.Add(-time.Hour), NotAfter: ends,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// testKey is the key that all tests share who need no other: making one takes part of a second.
var testKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func sharedTestKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := testKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaTestKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pemBlock(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func pkcs8(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pemBlock("PRIVATE KEY", der)
}

// by replaces the client secret of the test's credentials.
func by(change func(*Credentials)) func(*Options) {
	return func(o *Options) {
		o.Credentials.ClientSecret = ""
		change(&o.Credentials)
	}
}

// Each token request has an assertion of its own, signed as Microsoft's page wants it.
func TestCertificateAssertion(t *testing.T) {
	key := sharedTestKey(t)
	certificate := selfSigned(t, key, time.Now().Add(time.Hour))
	parsed, err := ParseCertificate(append(pkcs8(t, key), pemBlock("CERTIFICATE", certificate.Raw)...), "")
	if err != nil {
		t.Fatal(err)
	}
	tn := newTenant(t)
	c := tn.client(t, by(func(c *Credentials) { c.Certificate = parsed }))
	seen := map[string]bool{}
	for range 2 {
		if err := authenticate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		c.current = nil // as if it had ended
		form := tn.form
		if form["authorization"] != "" || form["client_secret"] != "" || form["grant_type"] != "client_credentials" ||
			form["client_assertion_type"] != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" ||
			form["scope"] != tn.root+"/.default" {
			t.Errorf("%v", form)
		}
		parts := strings.Split(form["client_assertion"], ".")
		if len(parts) != 3 {
			t.Fatalf("%q", parts)
		}
		var raw [3][]byte
		for i, part := range parts {
			if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
				t.Fatal(err)
			}
		}
		thumbprint := sha256.Sum256(certificate.Raw)
		var header map[string]string
		if err := json.Unmarshal(raw[0], &header); err != nil || len(header) != 3 || header["alg"] != "PS256" ||
			header["typ"] != "JWT" ||
			header["x5t#S256"] != base64.RawURLEncoding.EncodeToString(thumbprint[:]) {
			t.Errorf("%v %v", header, err)
		}
		var claims struct {
			Aud, Iss, Sub, Jti string
			Nbf, Iat, Exp      int64
		}
		if err := json.Unmarshal(raw[1], &claims); err != nil {
			t.Fatal(err)
		}
		if claims.Aud != tn.login.URL+"/"+testCredentials.TenantID+"/oauth2/v2.0/token" || claims.Iss != "client-id" ||
			claims.Sub != "client-id" ||
			claims.Exp-claims.Nbf != 300 || claims.Iat != claims.Nbf ||
			time.Since(time.Unix(claims.Iat, 0)) > time.Minute {
			t.Errorf("%+v", claims)
		}
		seen[claims.Jti] = true
		digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		salt := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
		if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest[:], raw[2], salt); err != nil {
			t.Error(err)
		}
	}
	if len(seen) != 2 || seen[""] {
		t.Errorf("ids %v", seen)
	}
}

func TestParseCertificate(t *testing.T) {
	key, other, small := sharedTestKey(t), rsaTestKey(t, 2048), rsaTestKey(t, 1024)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	own := selfSigned(t, key, later)
	cert := pemBlock("CERTIFICATE", own.Raw)
	foreign := pemBlock("CERTIFICATE", selfSigned(t, other, later).Raw)
	join := func(blocks ...[]byte) []byte { return bytes.Join(blocks, []byte("\n")) }
	want := sha256.Sum256(own.Raw)
	// What today's tools write, and yesterday's.
	for _, encoder := range []*pkcs12.Encoder{pkcs12.Modern, pkcs12.LegacyRC2} {
		pfx, err := encoder.Encode(key, own, []*x509.Certificate{selfSigned(t, other, later)}, "password")
		if err != nil {
			t.Fatal(err)
		}
		if c, err := ParseCertificate(pfx, "password"); err != nil || c.thumbprint != want {
			t.Errorf("PFX: %v", err)
		}
		_, err = ParseCertificate(pfx, "hunter2")
		if err == nil {
			t.Fatal("a wrong password opened it")
		}
		mustContain(t, err.Error(), "does not open the PFX file")
		mustNotContain(t, err.Error(), "hunter2")
	}
	for name, text := range map[string][]byte{
		"PKCS #8":              join(pkcs8(t, key), cert),
		"PKCS #1":              join(cert, pemBlock("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))),
		"a chain in any order": join(foreign, []byte("Bag Attributes\n"), cert, pkcs8(t, key)),
	} {
		if c, err := ParseCertificate(text, ""); err != nil || c.thumbprint != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for want, text := range map[string][]byte{
		"there is no certificate":           pkcs8(t, key),
		"no RSA private key":                cert,
		"not that of the private key":       join(foreign, pkcs8(t, key)),
		"has 1024 bits":                     join(pemBlock("CERTIFICATE", selfSigned(t, other, later).Raw), pkcs8(t, small)),
		"is encrypted":                      join(cert, pemBlock("ENCRYPTED PRIVATE KEY", []byte("x"))),
		"is not RSA":                        join(cert, pkcs8(t, curve)),
		"certificate cannot be read":        pemBlock("CERTIFICATE", []byte("x")),
		"is not PKCS #8 as it says":         join(cert, pemBlock("PRIVATE KEY", []byte("x"))),
		"is not PKCS #1 as it says":         join(cert, pemBlock("RSA PRIVATE KEY", []byte("x"))),
		"neither PEM nor a PFX file with a": []byte("hello"),
	} {
		if _, err := ParseCertificate(text, ""); err == nil || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestCertificateThatEndedIsNotSent(t *testing.T) {
	key := sharedTestKey(t)
	c, err := ParseCertificate(
		append(pkcs8(t, key), pemBlock("CERTIFICATE", selfSigned(t, key, time.Now().Add(-time.Hour)).Raw)...),
		"",
	)
	if err != nil {
		t.Fatal(err)
	}
	tn := newTenant(t)
	err = authenticate(t.Context(), tn.client(t, by(func(o *Credentials) { o.Certificate = c })))
	if err == nil || tn.tokens.Load() != 0 {
		t.Fatal(err, tn.tokens.Load())
	}
	mustContain(t, err.Error(), "the certificate ended on 2", "upload it")
}

// PFX files are go-pkcs12's to parse: their own text says how long opening them takes.
func FuzzReadPEM(f *testing.F) {
	key := sharedTestKey(f)
	own := pemBlock("CERTIFICATE", selfSigned(f, key, time.Now().Add(time.Hour)).Raw)
	// Without a key that works: what the runtime does with one differs each time, and the fuzzer would
	// spend its time on that.
	f.Add(append(pemBlock("PRIVATE KEY", []byte("no key")), own...))
	f.Add(append(pemBlock("RSA PRIVATE KEY", []byte("no key")), own...))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"))
	f.Fuzz(func(t *testing.T, text []byte) {
		private, certificates, err := readPEM(text)
		if (err == nil) != (private != nil && len(certificates) > 0) {
			t.Fatalf("%v %d %v", private != nil, len(certificates), err)
		}
	})
}
