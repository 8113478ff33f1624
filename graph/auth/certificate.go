package auth

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"m365lake/internal/text"
)

// leastKeyBits is the smallest RSA key Microsoft recommends and everybody still makes.
const leastKeyBits = 2048

// A Certificate is a registered certificate with its private key. The key is in a closure, where no
// printing can find it.
type Certificate struct {
	thumbprint [32]byte // SHA-256 of the DER
	ends       time.Time
	sign       func(digest []byte) ([]byte, error) // RSASSA-PSS over a SHA-256 digest
}

// ParseCertificate reads a certificate and its unencrypted private key from PEM blocks in any order,
// or both from a PFX (PKCS #12) file, which password opens. Only RSA keys sign assertions.
// Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
func ParseCertificate(content []byte, password string) (*Certificate, error) {
	read := func() (*rsa.PrivateKey, []*x509.Certificate, error) { return readPFX(content, password) }
	if bytes.Contains(content, []byte("-----BEGIN ")) {
		read = func() (*rsa.PrivateKey, []*x509.Certificate, error) { return readPEM(content) }
	}
	key, certificates, err := read()
	if err != nil {
		return nil, err
	}
	if bits := key.N.BitLen(); bits < leastKeyBits {
		return nil, fmt.Errorf("the key has %d bits: make one of at least %d", bits, leastKeyBits)
	}
	for _, c := range certificates {
		if public, ok := c.PublicKey.(*rsa.PublicKey); ok && public.Equal(&key.PublicKey) {
			return newCertificate(c, key), nil
		}
	}
	return nil, errors.New("the certificate is not that of the private key: give the two that were made together")
}

func readPFX(content []byte, password string) (*rsa.PrivateKey, []*x509.Certificate, error) {
	private, certificate, chain, err := pkcs12.DecodeChain(content, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, nil, errors.New("the password does not open the PFX file: check the password")
	case err != nil:
		return nil, nil, fmt.Errorf(
			"neither PEM nor a PFX file with a certificate and its key: %s",
			text.OneLine(err.Error(), 200),
		)
	}
	key, err := rsaKey(private)
	return key, append(chain, certificate), err
}

func readPEM(content []byte) (key *rsa.PrivateKey, certificates []*x509.Certificate, err error) {
	for {
		var block *pem.Block
		if block, content = pem.Decode(content); block == nil {
			break
		}
		switch {
		case block.Type == "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, fmt.Errorf("the certificate cannot be read: %w", err)
			}
			certificates = append(certificates, c)
		case block.Type == "ENCRYPTED PRIVATE KEY", block.Headers["DEK-Info"] != "":
			return nil, nil, errors.New(
				"the private key in the PEM file is encrypted: decrypt it (openssl pkcs8), or give a PFX file and its password",
			)
		case block.Type == "PRIVATE KEY":
			private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, nil, errors.New("the private key is not PKCS #8 as it says: export it again")
			}
			if key, err = rsaKey(private); err != nil {
				return nil, nil, err
			}
		case block.Type == "RSA PRIVATE KEY":
			if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
				return nil, nil, errors.New("the private key is not PKCS #1 as it says: export it again")
			}
		}
	}
	switch {
	case len(certificates) == 0:
		return nil, nil, errors.New("there is no certificate: add the block BEGIN CERTIFICATE")
	case key == nil:
		return nil, nil, errors.New(
			"there is no RSA private key: add the block BEGIN PRIVATE KEY, or name the file of the key",
		)
	}
	return key, certificates, nil
}

func rsaKey(private any) (*rsa.PrivateKey, error) {
	key, ok := private.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the private key is not RSA: Microsoft takes RSA keys only for these assertions")
	}
	return key, nil
}

func newCertificate(c *x509.Certificate, key *rsa.PrivateKey) *Certificate {
	return &Certificate{
		thumbprint: sha256.Sum256(c.Raw), ends: c.NotAfter,
		sign: func(digest []byte) ([]byte, error) {
			return rsa.SignPSS(
				rand.Reader,
				key,
				crypto.SHA256,
				digest,
				&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256},
			)
		},
	}
}
