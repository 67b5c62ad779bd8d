package onaws

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// answerWithin is how long AWS may take to begin an answer.
const answerWithin = 10 * time.Second

// awsConfig is the region and the credentials that Lambda gives a function by its
// variables. The SDK's default chain, which looks in five more places, would make
// a function half as large again and slower to begin.
func awsConfig(lookup func(string) (string, bool)) aws.Config {
	get := func(name string) string { v, _ := lookup(name); return v }
	cfg := aws.Config{
		Region:        get("AWS_REGION"),
		ConfigSources: []any{endpoints(lookup)},
		HTTPClient:    awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = answerWithin }),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: get("AWS_ACCESS_KEY_ID"), SecretAccessKey: get("AWS_SECRET_ACCESS_KEY"), SessionToken: get("AWS_SESSION_TOKEN"), Source: "Lambda"}, nil
		}),
	}
	if everywhere := get("AWS_ENDPOINT_URL"); everywhere != "" {
		cfg.BaseEndpoint = &everywhere
	}
	return cfg
}

// endpoints are other addresses of services than AWS's own, by the variables that
// all of its tools know: AWS_ENDPOINT_URL_ and the service.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
type endpoints func(string) (string, bool)

// GetServiceBaseEndpoint implements what the SDK's clients look for.
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (string, bool, error) {
	url, ok := e("AWS_ENDPOINT_URL_" + strings.ReplaceAll(strings.ToUpper(service), " ", "_"))
	return url, ok && url != "", nil
}
