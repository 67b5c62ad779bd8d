// Package s3state reads Terraform states in Amazon S3, and copies them to a
// backup bucket. KMS decrypts on the way, where the role may use the key. It is
// a backend of [state.Store]: which objects are states, and which lock lies
// beside them, is package state's to say.
//
// Locks are seen as objects (use_lockfile). A lock table in DynamoDB tells
// nobody when a lock came and went, so it is not read: there the user agent and
// the next state decide what was Terraform's own.
//
// Reading takes s3:GetObject on the states; a prefix or a pattern takes
// s3:ListBucket on the bucket, too. Without s3:ListBucket S3 does not tell an
// object that is not there from one that may not be read, and no lock is seen.
package s3state

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"tfdrift/internal/amazon"
	"tfdrift/internal/drift"
	"tfdrift/internal/state"
)

// S3 opens states by their URLs. It asks for credentials when it first needs
// them.
type S3 struct {
	load func(context.Context) (aws.Config, error)

	mu      sync.Mutex
	client  *s3.Client
	buckets map[string]*bucket
}

// New returns one whose region and credentials are those that load returns.
func New(load func(context.Context) (aws.Config, error)) *S3 {
	return &S3{load: load, buckets: map[string]*bucket{}}
}

// Open returns the source that s3://BUCKET/PATH means; see [state.In]. The
// region of the bucket is found out.
func (s *S3) Open(ref string) (state.Source, error) { return s.OpenIn(ref, "") }

// OpenIn is Open for a bucket whose region is known; "": it is found out.
func (s *S3) OpenIn(ref, region string) (state.Source, error) {
	name, key, err := split(ref)
	if err != nil {
		return nil, err
	}
	return state.In(s.bucket(name, region), key)
}

func split(ref string) (bucket, key string, err error) {
	rest, ok := strings.CutPrefix(ref, "s3://")
	bucket, key, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", fmt.Errorf("%s: want s3://BUCKET/KEY, or s3://BUCKET/PREFIX/ for every state below it: %w", ref, drift.ErrInvalid)
	}
	return bucket, key, nil
}

func (s *S3) bucket(name, region string) *bucket {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name+" "+region]
	if b == nil {
		b = &bucket{s3: s, name: name, told: region, region: region}
		s.buckets[name+" "+region] = b
	}
	return b
}

func (s *S3) open(ctx context.Context) (*s3.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != nil {
		return s.client, nil
	}
	cfg, err := s.load(ctx)
	if err != nil {
		return nil, fmt.Errorf("the configuration of AWS cannot be read (%v); check AWS_PROFILE and ~/.aws/config: %w", err, drift.ErrInvalid)
	}
	s.client = s3.NewFromConfig(cfg, func(o *s3.Options) {
		if o.Region == "" {
			o.Region = "us-east-1" // which knows where every bucket is
		}
		o.UsePathStyle = o.BaseEndpoint != nil // who serves S3 himself seldom has a name for each bucket
		o.DisableLogOutputChecksumValidationSkipped = true
	})
	return s.client, nil
}

// bucket implements [state.Store].
type bucket struct {
	s3   *S3
	name string
	told string // the region that the user gave; "" for none

	mu     sync.Mutex
	region string // where it is; "" before anybody knows
	exists bool
}

// URL implements [state.Store].
func (b *bucket) URL(key string) string { return "s3://" + b.name + "/" + key }

// arn names the bucket, or an object in it, in a policy.
func (b *bucket) arn(key string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	partition := "aws"
	switch {
	case strings.HasPrefix(b.region, "cn-"):
		partition = "aws-cn"
	case strings.HasPrefix(b.region, "us-gov-"):
		partition = "aws-us-gov"
	}
	if key != "" {
		key = "/" + key
	}
	return "arn:" + partition + ":s3:::" + b.name + key
}

// do makes a call where the bucket is. Where that is nobody has said, S3 does,
// in refusing the call.
func (b *bucket) do(ctx context.Context, call func(*s3.Client, func(*s3.Options)) error) error {
	client, err := b.s3.open(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	region := b.region
	b.mu.Unlock()
	if region == "" {
		region = client.Options().Region
	}
	err = call(client, in(region))
	if where := elsewhere(err); where != "" && where != region {
		if b.told != "" {
			return fmt.Errorf("bucket %s is in %s, not in %s; correct s3_region: %w", b.name, where, region, drift.ErrInvalid)
		}
		region = where
		err = call(client, in(region))
	}
	if err == nil {
		b.mu.Lock()
		b.region, b.exists = region, true
		b.mu.Unlock()
	}
	return err
}

func in(region string) func(*s3.Options) {
	return func(o *s3.Options) { o.Region = region }
}

var expecting = regexp.MustCompile(`expecting '([a-z0-9-]+)'`)

// elsewhere is the region in which S3 says that the bucket is; "" if it does
// not say.
func elsewhere(err error) string {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		if where := response.Response.Header.Get("X-Amz-Bucket-Region"); where != "" {
			return where
		}
	}
	if a := amazon.AnswerOf(err); a.Code == "AuthorizationHeaderMalformed" {
		if m := expecting.FindStringSubmatch(a.Message); m != nil {
			return m[1]
		}
	}
	return ""
}

// List implements [state.Store].
func (b *bucket) List(ctx context.Context, prefix string) iter.Seq2[state.Item, error] {
	return func(yield func(state.Item, error) bool) {
		var from *string
		for {
			var page *s3.ListObjectsV2Output
			err := b.do(ctx, func(client *s3.Client, region func(*s3.Options)) (err error) {
				page, err = client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &prefix, ContinuationToken: from}, region)
				return err
			})
			if err != nil {
				yield(state.Item{}, fmt.Errorf("states of %s: %w", b.URL(prefix), b.explain(ctx, err, "s3:ListBucket", "")))
				return
			}
			for _, o := range page.Contents {
				if !yield(state.Item{Key: aws.ToString(o.Key), Version: aws.ToString(o.ETag), Size: aws.ToInt64(o.Size), Written: second(o.LastModified)}, nil) {
					return
				}
			}
			if from = page.NextContinuationToken; from == nil || !aws.ToBool(page.IsTruncated) {
				return
			}
		}
	}
}

// second is a time as all of S3's answers give it.
func second(at *time.Time) time.Time { return aws.ToTime(at).UTC().Truncate(time.Second) }

// Head implements [state.Store].
func (b *bucket) Head(ctx context.Context, key string) (state.Item, error) {
	var head *s3.HeadObjectOutput
	err := b.do(ctx, func(client *s3.Client, region func(*s3.Options)) (err error) {
		head, err = client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.name, Key: &key}, region)
		return err
	})
	if err == nil {
		return state.Item{Key: key, Version: aws.ToString(head.ETag), Size: aws.ToInt64(head.ContentLength), Written: second(head.LastModified)}, nil
	}
	err = b.explain(ctx, err, "s3:GetObject", key)
	if errors.Is(err, drift.ErrNotFound) {
		if missing := b.missing(ctx); missing != nil {
			err = missing
		}
	}
	return state.Item{}, fmt.Errorf("%s: %w", b.URL(key), err)
}

// missing says that it is the bucket that is not there, which a look at an
// object does not tell.
func (b *bucket) missing(ctx context.Context) error {
	b.mu.Lock()
	exists := b.exists
	b.mu.Unlock()
	if exists {
		return nil
	}
	err := b.do(ctx, func(client *s3.Client, region func(*s3.Options)) error {
		_, err := client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &b.name}, region)
		return err
	})
	if err != nil && amazon.AnswerOf(err).Status == 404 {
		return b.noBucket()
	}
	return nil
}

func (b *bucket) noBucket() error {
	return fmt.Errorf("there is no bucket %s; is its name right, and AWS_ENDPOINT_URL_S3 if it is set? %w", b.name, drift.ErrNotFound)
}

// Open implements [state.Store].
func (b *bucket) Open(ctx context.Context, it state.Item) (io.ReadCloser, error) {
	var object *s3.GetObjectOutput
	err := b.do(ctx, func(client *s3.Client, region func(*s3.Options)) (err error) {
		object, err = client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &it.Key, IfMatch: &it.Version}, region)
		return err
	})
	if err != nil {
		return nil, b.explain(ctx, err, "s3:GetObject", it.Key)
	}
	return body{object.Body, ctx}, nil
}

// body is what is read of an object. That the connection broke is not that the
// state ends.
type body struct {
	io.ReadCloser
	ctx context.Context
}

func (b body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		if b.ctx.Err() != nil {
			return n, b.ctx.Err()
		}
		err = fmt.Errorf("reading from S3 broke off (%v): %w", err, drift.ErrRetry)
	}
	return n, err
}

// Backup returns what copies every state of S3 that was indexed below a URL,
// s3://BUCKET/PREFIX/, within S3: under its bucket and key, by the time it was
// written, its serial and lineage. A copy that is there already is left alone.
// Removing old ones is left to a lifecycle rule of the bucket.
//
// It takes s3:PutObject on the backup bucket and s3:GetObject on the states,
// and on both sides the keys of KMS, where there are any.
func (s *S3) Backup(to string) (func(context.Context, state.Object, state.Header) error, error) {
	name, prefix, err := split(to)
	if err != nil {
		return nil, fmt.Errorf("state backup: %w", err)
	}
	b := s.bucket(name, "")
	return func(ctx context.Context, object state.Object, header state.Header) error {
		name, key, err := split(object.Name)
		if err != nil {
			return fmt.Errorf("backup to %s: only states in S3 can be copied there: %w", to, err)
		}
		return b.copy(ctx, s.bucket(name, ""), key, object, path.Join(prefix, name, key, copyName(object, header)))
	}, nil
}

// copyName ends in .backup, so that nobody takes a copy for a state.
func copyName(object state.Object, header state.Header) string {
	return fmt.Sprintf("%s-%d-%s.tfstate.backup", object.Written.UTC().Format("20060102T150405Z"), header.Serial, url.PathEscape(header.Lineage))
}

func (b *bucket) copy(ctx context.Context, from *bucket, key string, object state.Object, to string) error {
	source := from.name + "/" + strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(key))
	err := b.do(ctx, func(client *s3.Client, region func(*s3.Options)) error {
		_, err := client.CopyObject(ctx, &s3.CopyObjectInput{
			Bucket: &b.name, Key: &to, CopySource: &source, CopySourceIfMatch: &object.Version, IfNoneMatch: aws.String("*"),
			TaggingDirective: types.TaggingDirectiveReplace, // copying tags takes permissions of its own
		}, region)
		return err
	})
	if err == nil {
		return nil
	}
	err = b.explain(ctx, err, "s3:PutObject", to)
	switch {
	case errors.Is(err, drift.ErrConflict):
		now, gone := from.Head(ctx, key)
		if gone == nil && now.Version == object.Version {
			return nil // it is the copy that is there already
		}
	case errors.Is(err, state.ErrDenied):
		err = fmt.Errorf("to copy from %s: %w; the same may be said of s3:GetObject on %s", from.URL(key), err, from.arn(key))
	}
	return fmt.Errorf("backup to %s: %w", b.URL(to), err)
}
