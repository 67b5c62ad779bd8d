package main

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
	"net/http"
	"strings"
	"testing"
	"time"
)

// issue makes a certificate, signed by another or by itself, and returns it as
// files and as it is used.
func issue(t *testing.T, name string, signer *tls.Certificate) (certFile, keyFile string, pair tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: signer == nil, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	parent, parentKey := template, any(key)
	if signer != nil {
		parent, parentKey = signer.Leaf, signer.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	keyPEM := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	if pair, err = tls.X509KeyPair([]byte(certPEM), []byte(keyPEM)); err != nil {
		t.Fatal(err)
	}
	return file(t, name+".pem", certPEM), file(t, name+".key", keyPEM), pair
}

func TestRunKnowsItsClientsByTheirCertificates(t *testing.T) {
	ca, _, authority := issue(t, "ca", nil)
	cert, key, _ := issue(t, "server", &authority)
	_, _, client := issue(t, "client", &authority)
	_, _, stranger := issue(t, "stranger", nil)
	r := start(t, t.TempDir(), "--state", awsState, "--tls-cert", cert, "--tls-key", key, "--client-ca", ca)

	roots := x509.NewCertPool()
	roots.AddCert(authority.Leaf)
	post := func(path string, certificates ...tls.Certificate) int {
		c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: certificates}}}
		response, err := c.Post("https://"+r.where.Listen+path, "application/json", strings.NewReader(sample(t, opened)))
		if err != nil {
			return 0
		}
		response.Body.Close()
		return response.StatusCode
	}
	if status := post("/events", client); status != 202 {
		t.Errorf("a known client: status %d", status)
	}
	if status := post("/events"); status != 401 {
		t.Errorf("nobody: status %d", status)
	}
	if status := post("/events", stranger); status == 202 {
		t.Errorf("a stranger: status %d", status)
	}
}
