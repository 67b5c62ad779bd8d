// Package awstest gives tests an AWS to talk to: moto, which speaks the APIs of
// the services and keeps what they keep, as a process of its own on this machine.
//
// It is installed by pip into .tools, once, where TFDRIFT_E2E or CI is set; `make
// e2e` does. Elsewhere tests use it if it is there, and are skipped if not.
// TFDRIFT_AWS_ENDPOINT names another one to use, such as an emulator of the
// vendor's, on a loopback address.
package awstest

import (
	"bufio"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

//go:embed requirements.txt
var requirements []byte

//go:embed services.py
var services string

// Region is where the tests are.
const Region = "eu-west-1"

// Config returns what clients of AWS services are made of. The services are
// shared by all tests of the process: what a test makes needs a name of its own.
// It skips the test where there are none, and fails it where there must be.
func Config(t testing.TB) aws.Config {
	t.Helper()
	at, err := start()
	switch {
	case err != nil && Required():
		t.Fatalf("no AWS for the tests: %v", err)
	case err != nil:
		t.Skipf("no AWS for the tests (%v); `make e2e` installs one, it needs python3 and pip", err)
	}
	return aws.Config{
		Region:       Region,
		BaseEndpoint: aws.String(at.endpoint),
		HTTPClient:   &http.Client{Transport: http.DefaultTransport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test", Source: "awstest"}, nil
		}),
	}
}

// Required reports whether a test may not be skipped for want of a component.
func Required() bool { return os.Getenv("CI") != "" || os.Getenv("TFDRIFT_E2E") != "" }

// process is where services are. Their input is open as long as this process
// lives, and with it the services.
type process struct {
	endpoint string
	input    io.Closer
}

// start starts the services when they are first asked for.
var start = sync.OnceValues(func() (p process, err error) {
	if given := os.Getenv("TFDRIFT_AWS_ENDPOINT"); given != "" {
		u, err := url.Parse(given)
		if err != nil || u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost" && u.Hostname() != "::1" {
			return p, fmt.Errorf("TFDRIFT_AWS_ENDPOINT is %s: the tests make and drop tables, so it must be the URL of an emulator on this machine", given)
		}
		return process{endpoint: given}, nil
	}
	bin, err := Tools("aws", requirements)
	if err != nil {
		return p, err
	}
	python := filepath.Join(bin, "python3")
	cmd := exec.Command(python, "-c", services)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "MOTO_ACCOUNT_ID=111122223333", "TZ=UTC")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if p.input, err = cmd.StdinPipe(); err != nil {
		return p, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return p, err
	}
	if err := cmd.Start(); err != nil {
		return p, err
	}
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return p, fmt.Errorf("%s: %w: %s", python, errors.Join(err, cmd.Wait()), stderr.String())
	}
	p.endpoint = "http://127.0.0.1:" + strings.TrimSpace(port)
	return p, nil
})

// Tools returns the folder of programs of some Python packages, with Python among
// them: where components are required it installs them, below a name. Of the test
// processes that want them at once one does.
func Tools(name string, requirements []byte) (bin string, err error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, ".tools", fmt.Sprintf("%s-%.4x", name, sha256.Sum256(requirements)))
	bin, complete := filepath.Join(dir, "bin"), filepath.Join(dir, "complete")
	if _, err := os.Stat(complete); err == nil || !Required() {
		return bin, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	lock, err := os.Create(filepath.Join(dir, "lock"))
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(complete); err == nil {
		return bin, nil
	}
	list := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(list, requirements, 0o644); err != nil {
		return "", err
	}
	for _, args := range [][]string{{"python3", "-m", "venv", dir}, {filepath.Join(bin, "python3"), "-m", "pip", "install", "--quiet", "--requirement", list}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
		}
	}
	return bin, os.WriteFile(complete, nil, 0o644)
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}
