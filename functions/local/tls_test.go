package main

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"tfdrift/internal/trigger/certtest"
)

func TestRunKnowsItsClientsByTheirCertificates(t *testing.T) {
	authority := certtest.Authority(t, "ca")
	server, client, stranger := certtest.Issue(t, "server", authority), certtest.Issue(t, "client", authority), certtest.Authority(t, "stranger")
	r := start(t, t.TempDir(), "--state", awsState, "--tls-cert", server.CertFile, "--tls-key", server.KeyFile, "--client-ca", authority.CertFile)

	post := func(path string, certificates ...tls.Certificate) int {
		c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authority.Pool(), Certificates: certificates}}}
		response, err := c.Post("https://"+r.where.Listen+path, "application/json", strings.NewReader(sample(t, opened)))
		if err != nil {
			return 0
		}
		response.Body.Close()
		return response.StatusCode
	}
	if status := post("/events", client.Pair); status != 202 {
		t.Errorf("a known client: status %d", status)
	}
	if status := post("/events"); status != 401 {
		t.Errorf("nobody: status %d", status)
	}
	if status := post("/events", stranger.Pair); status == 202 {
		t.Errorf("a stranger: status %d", status)
	}
}
