// Package awssecrettest is AWS Secrets Manager for tests: as much of its JSON
// protocol as reads secrets, in this process.
package awssecrettest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Server is Secrets Manager.
type Server struct {
	mu      sync.Mutex
	values  map[string]string
	code    string
	message string
	reads   int
	region  string
}

// Start starts one without secrets, and has the SDK's default configuration
// lead to it, for as long as the test runs.
func Start(t *testing.T) *Server {
	t.Helper()
	s := &Server{values: map[string]string{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": server.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "none", "AWS_SHARED_CREDENTIALS_FILE": "none", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	return s
}

// Set keeps a value under a name or ARN; "" takes it away.
func (s *Server) Set(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[name] = value
}

// Refuse has every request answered with an error; "": not any more.
func (s *Server) Refuse(code, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.code, s.message = code, message
}

// Reads is how many requests there were, and the region of the latest.
func (s *Server) Reads() (n int, region string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads, s.region
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if scope := strings.Split(r.Header.Get("Authorization"), "/"); len(scope) > 2 {
		s.region = scope[2]
	}
	var in struct{ SecretId string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" {
		s.answer(w, 400, map[string]string{"__type": "InvalidRequestException", "Message": "not known to this server"})
		return
	}
	switch value := s.values[in.SecretId]; {
	case s.code != "":
		s.answer(w, 400, map[string]string{"__type": s.code, "Message": s.message})
	case value == "":
		s.answer(w, 400, map[string]string{"__type": "ResourceNotFoundException", "Message": "Secrets Manager can't find the specified secret."})
	default:
		s.answer(w, 200, map[string]string{"Name": in.SecretId, "SecretString": value})
	}
}

func (s *Server) answer(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone, then
}
