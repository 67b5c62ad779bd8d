package main

import (
	"net"
	"strings"
	"testing"

	"tfdrift/internal/trigger/falcotrigger/falcotest"
)

// What Falco's gRPC output gives is judged, and while it gives nothing since
// nobody is connected, the probe says so.
func TestRunSubscribesToFalco(t *testing.T) {
	f := &falcotest.Falco{}
	server := f.Serve(t, "127.0.0.1:0", nil)
	_, port, err := net.SplitHostPort(server.Address)
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, t.TempDir(), "--state", awsState, "--config", file(t, "tfdrift.yaml", "falco:\n  hostname: 127.0.0.1\n  port: "+port+"\n"))
	r.ready()
	f.Push(falcotest.Alert("e1", "s3.amazonaws.com", "PutBucketVersioning", `{"bucketName":"example-prod-data","VersioningConfiguration":{"Status":"Suspended"}}`),
		falcotest.Alert("e2", "sts.amazonaws.com", "GetCallerIdentity", "null"))
	r.eventually("the finding stands", func() bool { return len(r.findings()) == 1 })
	if _, metrics := r.get("/metrics"); !strings.Contains(metrics, "\ntfdrift_falco_connected 1\n") {
		t.Error("the metric does not say that Falco is connected")
	}
	server.Stop()
	r.eventually("the loss of the connection is told", func() bool {
		status, body := r.get("/ready")
		_, metrics := r.get("/metrics")
		return status == 503 && strings.Contains(body, "Falco at 127.0.0.1:"+port) && strings.Contains(metrics, "\ntfdrift_falco_connected 0\n")
	})
	f.Serve(t, server.Address, nil)
	r.ready()
}
