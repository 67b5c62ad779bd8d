package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"tfdrift/internal/config"
	"tfdrift/internal/drift"
	"tfdrift/internal/indexer"
	"tfdrift/internal/secret"
	"tfdrift/internal/secret/awssecret"
	"tfdrift/internal/state"
	"tfdrift/internal/state/s3state"
	"tfdrift/internal/watch"
)

// answerWithin is how long AWS may take to begin an answer.
const answerWithin = 20 * time.Second

// awsConfig is the region and the credentials of the SDK's default chain. It
// is read when something of AWS is first needed.
func awsConfig(ctx context.Context) (aws.Config, error) {
	return awsconfig.LoadDefaultConfig(ctx, awsconfig.WithHTTPClient(
		awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = answerWithin })))
}

// newSecrets reads what the configuration refers to. Google Secret Manager,
// under config.FromGCP, is not read yet.
func newSecrets() *secret.Secrets {
	return secret.New(map[config.SecretSource]secret.Store{config.FromEnv: secret.Env(os.LookupEnv), config.FromAWS: awssecret.New(awsConfig)})
}

// schemes are the URLs at which states are read.
func schemes(s3 *s3state.S3) state.Schemes { return state.Schemes{"s3": s3.Open} }

// places are the states to watch, and why those of the configuration that
// cannot be are not: while there are any, it is not ready.
func (c runCommand) places(cfg *config.Config, s3 *s3state.S3) (places []watch.Place, blind []string) {
	add := func(ref string, sweep time.Duration, open func() (state.Source, error)) {
		source, err := open()
		switch {
		case err != nil:
			blind = append(blind, plain(err)+"; drift of its resources is not seen")
		case !slices.ContainsFunc(places, func(p watch.Place) bool { return p.Name == ref }):
			places = append(places, watch.Place{Name: ref, Source: source, Remote: strings.Contains(ref, "://"), Sweep: sweep})
		}
	}
	for _, s := range cfg.States() {
		add(s.URL(), s.RefreshInterval, func() (state.Source, error) {
			if s.S3Region != "" {
				return s3.OpenIn(s.URL(), s.S3Region)
			}
			return schemes(s3).Open(s.URL())
		})
	}
	for _, ref := range c.State {
		add(ref, 0, func() (state.Source, error) { return schemes(s3).Open(ref) })
	}
	return places, blind
}

// backup is what copies each new version of a state; nil: nobody asked for it.
func (c runCommand) backup(places []watch.Place, s3 *s3state.S3) (indexer.Backup, error) {
	switch {
	case c.StateBackup == "":
		return nil, nil
	case !strings.Contains(c.StateBackup, "://"):
		return watch.Backup(c.StateBackup), nil
	}
	for _, p := range places {
		if !strings.HasPrefix(p.Name, "s3://") {
			return nil, fmt.Errorf("--state-backup %s: only states in S3 can be copied there, and not %s; give a folder: %w", c.StateBackup, p.Name, drift.ErrInvalid)
		}
	}
	return s3.Backup(c.StateBackup)
}
