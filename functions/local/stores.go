package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"tfdrift/internal/applies/boltapplies"
	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/index/boltindex"
	"tfdrift/internal/ledger/boltledger"
	"tfdrift/internal/operator"
	"tfdrift/internal/outbox/boltoutbox"
	"tfdrift/internal/silence/boltsilence"
	"tfdrift/internal/spool/filespool"
	"tfdrift/internal/state"
)

// stores are what a single host keeps below its data folder.
type stores struct {
	db       *bbolt.DB
	index    *boltindex.Index
	ledger   *boltledger.Ledger
	applies  *boltapplies.Applies
	outbox   *boltoutbox.Outbox
	silences *boltsilence.Silences
	spool    *filespool.Spool
	seal     *state.Sealer
}

// openStores opens the stores below a folder, which is made where there is none.
func openStores(dir string) (_ *stores, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	s := &stores{}
	if s.db, err = embedded.Open(filepath.Join(dir, "tfdrift.db")); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.db.Close()
		}
	}()
	if s.index, err = boltindex.New(s.db); err != nil {
		return nil, err
	}
	if s.ledger, err = boltledger.New(s.db); err != nil {
		return nil, err
	}
	if s.applies, err = boltapplies.New(s.db); err != nil {
		return nil, err
	}
	if s.outbox, err = boltoutbox.New(s.db); err != nil {
		return nil, err
	}
	if s.silences, err = boltsilence.New(s.db); err != nil {
		return nil, err
	}
	if s.seal, err = openSealer(filepath.Join(dir, "seal.key")); err != nil {
		return nil, err
	}
	s.spool, err = filespool.Open(filepath.Join(dir, "spool"), filespool.Options{})
	return s, err
}

func (s *stores) close() error { return errors.Join(s.spool.Close(), s.db.Close()) }

// openSealer reads the deployment's own key, which is made where there is none.
func openSealer(path string) (*state.Sealer, error) {
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, 32)
		rand.Read(key)
		err = os.WriteFile(path, key, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("the key by which secrets are sealed: %w", err)
	}
	seal, err := state.NewSealer(key, catalog.Sensitive)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; move it away and a new one is made", path, err)
	}
	return seal, nil
}

// running is what a running process tells of itself in its data folder, so that
// others of this host find it: it alone has the store open.
type running struct {
	URL   string `json:"url"`
	Token string `json:"token,omitempty"`
}

func runningFile(dir string) string { return filepath.Join(dir, "running.json") }

func (r running) tell(dir string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(runningFile(dir), text, 0o600)
}

// desk is where an operator's command turns to: the running process, else the
// stores themselves.
func desk(dir string) (_ operator.Desk, done func() error, err error) {
	if text, err := os.ReadFile(runningFile(dir)); err == nil {
		var r running
		client := http.Client{Timeout: 2 * time.Second}
		if json.Unmarshal(text, &r) == nil {
			if answer, err := client.Get(r.URL + "/healthz"); err == nil {
				answer.Body.Close()
				return operator.Client{URL: r.URL, Token: r.Token}, func() error { return nil }, nil
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "tfdrift.db")); err != nil {
		return nil, nil, fmt.Errorf("data folder %s: no store is in it; give --data as tfdrift run has it: %w", dir, drift.ErrNotFound)
	}
	s, err := openStores(dir)
	if err != nil {
		return nil, nil, err
	}
	return &operator.Stores{Ledger: s.ledger, Muted: s.silences, Spool: s.spool, Now: time.Now}, s.close, nil
}
