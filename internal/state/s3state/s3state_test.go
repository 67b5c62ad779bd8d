package s3state_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/state"
	"tfdrift/internal/state/s3state"
	"tfdrift/internal/state/s3state/s3test"
	"tfdrift/internal/state/statetest"
)

func newS3() *s3state.S3 {
	return s3state.New(func(ctx context.Context) (aws.Config, error) {
		return config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(1))
	})
}

func TestS3KeepsTheContract(t *testing.T) {
	statetest.Run(t, func(t *testing.T) statetest.Place {
		server, s := s3test.Start(t, "acme"), newS3()
		return statetest.Place{
			Root: "s3://acme/", Bucket: true,
			Open:   func(path string) (state.Source, error) { return s.Open("s3://acme/" + path) },
			Write:  func(_ *testing.T, path, content string) { server.Write("acme", path, content) },
			Remove: func(_ *testing.T, path string) { server.Remove("acme", path) },
		}
	})
}

func TestAListingCostsARequestAPageAndAStrangerOneMore(t *testing.T) {
	server := s3test.Start(t, "acme")
	for _, key := range []string{"a.tfstate", "b.tfstate", "b.tfstate.tflock"} {
		server.Write("acme", key, statetest.State(1))
	}
	server.Write("acme", "log.json", "{}")
	source, err := newS3().Open("s3://acme/")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 1, 1} {
		before := server.Requests()
		for range source.States(t.Context()) {
		}
		if got := server.Requests() - before; got != want {
			t.Errorf("listing %d: %d requests, want %d", i, got, want)
		}
	}
}

// firstError is that of reading all the states of a URL.
func firstError(t *testing.T, s *s3state.S3, ref, region string) error {
	t.Helper()
	source, err := s.OpenIn(ref, region)
	if err != nil {
		return err
	}
	for object, err := range source.States(t.Context()) {
		if err != nil {
			return err
		}
		r, err := object.Open(t.Context())
		if err != nil {
			return err
		}
		r.Close()
	}
	return nil
}

func TestErrorsNameCauseAndRemedy(t *testing.T) {
	refuse := func(status int, code, message string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { s3test.Refuse(w, r, status, code, message) }
	}
	// onGet lets the object be seen, and refuses to have it read.
	onGet := func(code, message string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodGet:
				s3test.Refuse(w, r, 403, code, message)
			case strings.HasSuffix(r.URL.Path, ".tflock"):
				s3test.Refuse(w, r, 404, "", "")
			default:
				w.Header().Set("ETag", `"e"`)
				w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
				w.Header().Set("Content-Length", "100")
			}
		}
	}
	const key, prefix, kmsKey = "s3://acme/prod/x.tfstate", "s3://acme/prod/", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	for _, test := range []struct {
		name, ref, region string
		answer            http.HandlerFunc // nil: the server's own
		kind              error
		says              []string
	}{
		{"no such key", key, "", nil, drift.ErrNotFound, []string{key, "no such object", "env:/NAME/", "every state below it is " + key + "/"}},
		{"no such bucket, of a key", "s3://nobody/x.tfstate", "", nil, drift.ErrNotFound, []string{"s3://nobody/x.tfstate", "no bucket nobody"}},
		{"no such bucket, of a prefix", "s3://nobody/prod/", "", nil, drift.ErrNotFound, []string{"s3://nobody/prod/", "no bucket nobody"}},
		{"the object is denied", key, "", refuse(403, "AccessDenied", "Access Denied"), state.ErrDenied,
			[]string{key, "allow s3:GetObject on arn:aws:s3:::acme/prod/x.tfstate", "s3:ListBucket on arn:aws:s3:::acme,"}},
		{"the object is denied, in China", key, "cn-north-1", refuse(403, "AccessDenied", "Access Denied"), state.ErrDenied, []string{"s3:GetObject on arn:aws-cn:s3:::acme/prod/x.tfstate"}},
		{"the listing is denied", prefix, "", refuse(403, "AccessDenied", "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: s3:ListBucket"), state.ErrDenied,
			[]string{prefix, "assumed-role/r/s is not authorized", "allow s3:ListBucket on arn:aws:s3:::acme:"}},
		{"KMS denied", key, "", onGet("AccessDenied", "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: kms:Decrypt on resource: "+kmsKey+" because no identity-based policy allows the kms:Decrypt action"), state.ErrDenied,
			[]string{"KMS denied", "allow kms:Decrypt on " + kmsKey + ", in the role's policy and in the key's own"}},
		{"the key of KMS is disabled", key, "", onGet("KMS.DisabledException", kmsKey+" is disabled."), drift.ErrRetry, []string{kmsKey, "enable it"}},
		{"archived", key, "", onGet("InvalidObjectState", "The operation is not valid for the object's storage class"), drift.ErrInvalid, []string{"restore it"}},
		{"an unknown access key", prefix, "", refuse(403, "InvalidAccessKeyId", "x"), drift.ErrRetry, []string{"access key is not known", "AWS_PROFILE"}},
		{"an expired session", prefix, "", refuse(400, "ExpiredToken", "x"), drift.ErrRetry, []string{"expired"}},
		{"a clock that is wrong", prefix, "", refuse(403, "RequestTimeTooSkewed", "x"), drift.ErrRetry, []string{"clock"}},
		{"S3 is slow", prefix, "", refuse(503, "SlowDown", "Please reduce your request rate."), drift.ErrRetry, []string{"503 SlowDown"}},
		{"no URL", "s3:///x", "", nil, drift.ErrInvalid, []string{"s3://BUCKET/KEY"}},
		{"no name of a bucket", "s3://a_b!/x/", "", refuse(400, "InvalidBucketName", "x"), drift.ErrInvalid, []string{"a_b!"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := s3test.Start(t, "acme")
			server.Write("acme", "other.tfstate", statetest.State(1))
			server.Answer(test.answer)
			err := firstError(t, newS3(), test.ref, test.region)
			if !errors.Is(err, test.kind) {
				t.Errorf("error %v, want %v", err, test.kind)
			}
			for _, word := range test.says {
				if !strings.Contains(err.Error()+":", word) {
					t.Errorf("error %q, want %q in it", err, word)
				}
			}
		})
	}
}

func TestWhereNobodyAnswersTheErrorSaysSo(t *testing.T) {
	s3test.Start(t)
	t.Setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
	if err := firstError(t, newS3(), "s3://acme/x", ""); !errors.Is(err, drift.ErrRetry) || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("error %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if err := firstError(t, newS3(), "s3://acme/x", ""); !errors.Is(err, drift.ErrRetry) || !strings.Contains(err.Error(), "no credentials") {
		t.Errorf("error %v", err)
	}
	t.Setenv("AWS_PROFILE", "nobody")
	if err := firstError(t, newS3(), "s3://acme/x", ""); !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "AWS_PROFILE") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	source, err := newS3().Open("s3://acme/x/")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range source.States(ctx) {
		if err == nil {
			t.Error("a state")
		}
	}
}

// moved is a bucket that is in eu-west-1, and says so in one of S3's ways.
func moved(server *s3test.Server, how func(http.ResponseWriter, *http.Request)) {
	server.Answer(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/s3/") {
			how(w, r)
			return
		}
		switch {
		case r.URL.Query().Has("list-type"):
			w.Write([]byte(`<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>x.tfstate</Key><ETag>"e"</ETag><Size>3</Size><LastModified>2026-08-20T09:00:00Z</LastModified></Contents></ListBucketResult>`))
		default:
			w.Header().Set("ETag", `"e"`)
		}
	})
}

func TestABucketIsFoundInItsRegion(t *testing.T) {
	for name, how := range map[string]func(http.ResponseWriter, *http.Request){
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Amz-Bucket-Region", "eu-west-1")
			s3test.Refuse(w, r, 301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.")
		},
		"a signature of the wrong region": func(w http.ResponseWriter, r *http.Request) {
			s3test.Refuse(w, r, 400, "AuthorizationHeaderMalformed", "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'")
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := s3test.Start(t)
			moved(server, how)
			s := newS3()
			for _, want := range []int{3, 2} { // the second time it is known where
				before := server.Requests()
				if err := firstError(t, s, "s3://acme/", ""); err != nil {
					t.Error(err)
				}
				if got := server.Requests() - before; got != want {
					t.Errorf("%d requests, want %d", got, want)
				}
			}
			err := firstError(t, s, "s3://acme/", "us-east-1")
			if !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "acme is in eu-west-1, not in us-east-1; correct s3_region") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestABackupIsACopyOfTheVersionThatWasIndexed(t *testing.T) {
	server, s := s3test.Start(t, "acme", "backup"), newS3()
	server.Write("acme", "env:/prod/a b+c.tfstate", statetest.State(7))
	source, err := s.Open("s3://acme/env:/")
	if err != nil {
		t.Fatal(err)
	}
	backup, err := s.Backup("s3://backup/states/")
	if err != nil {
		t.Fatal(err)
	}
	var object state.Object
	for object, err = range source.States(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	header := state.Header{Serial: 7, Lineage: "l"}
	name := "states/acme/env:/prod/a b+c.tfstate/" + object.Written.Format("20060102T150405Z") + "-7-l.tfstate.backup"
	for range 2 { // told twice, copied once
		if err := backup(t.Context(), object, header); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{name: statetest.State(7)}, server.Objects("backup")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	server.Write("acme", "env:/prod/a b+c.tfstate", statetest.State(8))
	if err := backup(t.Context(), object, header); !errors.Is(err, drift.ErrConflict) {
		t.Errorf("of a version that was replaced: error %v", err)
	}
	if err := backup(t.Context(), state.Object{Name: "/srv/x.tfstate"}, header); !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "only states in S3") {
		t.Errorf("of a file: error %v", err)
	}
	server.Answer(func(w http.ResponseWriter, r *http.Request) {
		s3test.Refuse(w, r, 403, "AccessDenied", "Access Denied")
	})
	err = backup(t.Context(), object, header)
	if !errors.Is(err, state.ErrDenied) || !strings.Contains(err.Error(), "s3:PutObject on arn:aws:s3:::backup/"+name) || !strings.Contains(err.Error(), "s3:GetObject on arn:aws:s3:::acme/env:/prod/a b+c.tfstate") {
		t.Errorf("denied: error %v", err)
	}
}

func TestABrokenConnectionIsNotTheEndOfAState(t *testing.T) {
	server := s3test.Start(t)
	server.Answer(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"e"`)
		w.Header().Set("Content-Length", "1000000")
		if r.Method == http.MethodGet {
			w.Write([]byte(statetest.State(1)[:40]))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	})
	source, err := newS3().Open("s3://acme/x")
	if err != nil {
		t.Fatal(err)
	}
	for object, err := range source.States(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		r, err := object.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := state.ReadHeader(r, object.Name); !errors.Is(err, drift.ErrRetry) {
			t.Errorf("error %v, want that it is tried again", err)
		}
	}
}
