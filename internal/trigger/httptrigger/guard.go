package httptrigger

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"tfdrift/internal/drift"
)

// MinToken is how short a token may be: shorter ones can be guessed.
const MinToken = 16

// Guard lets in who may ask. A bearer token (or the password of HTTP's basic
// scheme, for browsers) or a client certificate proves it; without either only
// this host itself is let in, which takes a listener on its loopback address.
type Guard struct {
	token       []byte // its hash
	certificate bool   // the listener verifies client certificates
}

// NewGuard makes the guard of a listener at an address, with a token or "", and
// client certificates verified or not. A listener that others reach and that
// asks nobody who he is, is refused: [drift.ErrInvalid].
func NewGuard(listen, token string, certificates bool) (Guard, error) {
	g := Guard{certificate: certificates}
	switch {
	case token != "" && len(token) < MinToken:
		return g, fmt.Errorf("the token has %d characters and could be guessed; make one of 16 or more, such as by `openssl rand -hex 32`: %w", len(token), drift.ErrInvalid)
	case token != "":
		sum := sha256.Sum256([]byte(token))
		g.token = sum[:]
	case !certificates && !isLoopback(listen):
		return g, fmt.Errorf("the address %s can be reached by others, and whoever reaches it could post events and read findings; give a token or an authority of client certificates, or listen on 127.0.0.1: %w", listen, drift.ErrInvalid)
	}
	return g, nil
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// Protect wraps what only those may ask for whom the guard lets in. What web
// pages of other sites make a browser send is refused always.
func (g Guard) Protect(next http.Handler) http.Handler {
	crossSite := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case crossSite.Check(r) != nil:
			http.Error(w, "tfdrift: sent by a web page of another site", http.StatusForbidden)
		case g.token == nil && !g.certificate && !isLoopback(r.Host): // another site's name that leads here
			http.Error(w, "tfdrift: ask by the loopback address, such as http://127.0.0.1:8080", http.StatusForbidden)
		case !g.knows(r):
			w.Header().Set("WWW-Authenticate", `Basic realm="tfdrift", charset="UTF-8"`)
			http.Error(w, "tfdrift: a token is wanted: Authorization: Bearer TOKEN, or the token as password", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (g Guard) knows(r *http.Request) bool {
	if g.certificate && r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		return true
	}
	if g.token == nil {
		return !g.certificate
	}
	_, token, ok := r.BasicAuth()
	if !ok {
		scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return false
		}
		token = strings.TrimSpace(rest)
	}
	sum := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(sum[:], g.token) == 1
}
