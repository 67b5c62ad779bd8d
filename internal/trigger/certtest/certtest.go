// Package certtest makes certificates for tests.
package certtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificate is one as files (PEM) and as it is used.
type Certificate struct {
	CertFile, KeyFile string
	Pair              tls.Certificate
}

// Pool holds it as an authority.
func (c Certificate) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(c.Pair.Leaf)
	return pool
}

// Authority makes a certificate that signs others.
func Authority(t *testing.T, name string) Certificate { return issue(t, name, nil, time.Hour) }

// Issue makes a certificate of this host, for servers and clients.
func Issue(t *testing.T, name string, signer Certificate) Certificate {
	return issue(t, name, &signer, time.Hour)
}

// Expired makes one whose time has passed.
func Expired(t *testing.T, name string, signer Certificate) Certificate {
	return issue(t, name, &signer, -time.Minute)
}

func issue(t *testing.T, name string, signer *Certificate, valid time.Duration) Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(valid),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: signer == nil, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	parent, parentKey := template, any(key)
	if signer != nil {
		parent, parentKey = signer.Pair.Leaf, signer.Pair.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
	c := Certificate{CertFile: filepath.Join(t.TempDir(), name+".pem"), KeyFile: filepath.Join(t.TempDir(), name+".key")}
	if c.Pair, err = tls.X509KeyPair(certPEM, keyPEM); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string][]byte{c.CertFile: certPEM, c.KeyFile: keyPEM} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// Renew puts the files of another in place of a certificate's.
func Renew(t *testing.T, old, renewed Certificate) {
	t.Helper()
	for from, to := range map[string]string{renewed.KeyFile: old.KeyFile, renewed.CertFile: old.CertFile} {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
}
