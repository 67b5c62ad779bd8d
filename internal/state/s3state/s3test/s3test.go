// Package s3test is S3 for tests: buckets with versions, in this process. It
// is gofakes3, and of what that leaves out, the conditions on reading.
package s3test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Server is S3.
type Server struct {
	t       testing.TB
	URL     string
	backend *s3mem.Backend

	requests atomic.Int64
	mu       sync.Mutex
	answer   http.HandlerFunc
}

// Start starts one with some buckets, and has the SDK's default configuration
// lead to it, for as long as the test runs.
func Start(t testing.TB, buckets ...string) *Server {
	t.Helper()
	s := &Server{t: t, backend: s3mem.New()}
	fake := gofakes3.New(s.backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		s.mu.Lock()
		answer := s.answer
		s.mu.Unlock()
		switch {
		case answer != nil:
			answer(w, r)
		case s.changed(fake, r):
			Refuse(w, r, http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the preconditions you specified did not hold.")
		default:
			fake.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	for _, b := range buckets {
		s.must(s.backend.CreateBucket(b))
		s.must(s.backend.SetVersioningConfiguration(b, gofakes3.VersioningConfiguration{Status: gofakes3.VersioningEnabled}))
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_S3": s.URL, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "none", "AWS_SHARED_CREDENTIALS_FILE": "none", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	return s
}

// changed reports whether a condition on what is read does not hold.
func (s *Server) changed(fake http.Handler, r *http.Request) bool {
	path, etag := r.URL.EscapedPath(), r.Header.Get("If-Match")
	if from := r.Header.Get("X-Amz-Copy-Source"); from != "" {
		path, etag = "/"+strings.TrimPrefix(from, "/"), r.Header.Get("X-Amz-Copy-Source-If-Match")
	} else if r.Method != http.MethodGet {
		return false
	}
	if etag == "" {
		return false
	}
	head := httptest.NewRecorder()
	fake.ServeHTTP(head, httptest.NewRequest(http.MethodHead, path, nil))
	return head.Code == http.StatusOK && head.Header().Get("ETag") != etag
}

// Answer has every request answered by a handler, instead; nil: not any more.
func (s *Server) Answer(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// Refuse answers as S3 does with an error.
func Refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
	}
}

// Requests is how many there were.
func (s *Server) Requests() int { return int(s.requests.Load()) }

// Write puts an object, or its next version.
func (s *Server) Write(bucket, key, content string) {
	s.t.Helper()
	_, err := s.backend.PutObject(bucket, key, map[string]string{"Last-Modified": s.now()}, bytes.NewReader([]byte(content)), int64(len(content)), nil)
	s.must(err)
}

func (s *Server) now() string {
	return gofakes3.DefaultTimeSource().Now().UTC().Format(http.TimeFormat)
}

// Remove deletes an object; its versions stay.
func (s *Server) Remove(bucket, key string) {
	s.t.Helper()
	_, err := s.backend.DeleteObject(bucket, key)
	s.must(err)
}

// Objects are the newest versions of what a bucket holds, by key.
func (s *Server) Objects(bucket string) map[string]string {
	s.t.Helper()
	list, err := s.backend.ListBucket(bucket, nil, gofakes3.ListBucketPage{})
	s.must(err)
	all := map[string]string{}
	for _, o := range list.Contents {
		object, err := s.backend.GetObject(bucket, o.Key, nil)
		s.must(err)
		raw, err := io.ReadAll(object.Contents)
		s.must(err)
		all[o.Key] = string(raw)
	}
	return all
}

func (s *Server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
