package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"tfdrift/internal/operator"
	"tfdrift/internal/watch"
)

// logName is the log of all processes, below the folder of the harness.
const logName = "tfdrift.log"

// product is tfdrift run as a process, which comes and goes on one data folder.
type product struct {
	dir, states, config string
	problems            *problems

	mu       sync.Mutex
	cmd      *exec.Cmd
	ended    chan struct{}
	expected bool        // that it ends,
	somehow  bool        // in order or not
	dead     bool        // it ended by itself: there is nothing more to be seen
	kills    []time.Time // by SIGKILL
	ends     int         // by SIGTERM
	findings int         // at last
}

func (p *product) data() string { return filepath.Join(p.dir, "data") }

// start starts it; one that ends by itself is a problem, and is not started again.
func (p *product) start() error {
	log, err := os.OpenFile(filepath.Join(p.dir, logName), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	os.Remove(filepath.Join(p.data(), addressName)) // of one that was killed
	cmd := exec.Command(os.Args[0], "run", "--data", p.data(), "--listen", "127.0.0.1:0", "--state", p.states, "--config", p.config)
	cmd.Env = append(os.Environ(), asCommand+"=1", impatient+"=1", "TFDRIFT_LOG_LEVEL=info", "TFDRIFT_LOG_COMPONENTS=watch=debug")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	ended := make(chan struct{})
	p.cmd, p.ended, p.expected, p.somehow = cmd, ended, false, false
	go func() {
		err := cmd.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.cmd == cmd && (!p.expected || err != nil && !p.somehow) {
			p.problems.add("tfdrift ended by itself: %v", err)
			p.dead = true
		}
		close(ended)
	}()
	return nil
}

// signal sends a signal, by which it may end in order or somehow, and returns
// what is closed when the process has ended.
func (p *product) signal(s syscall.Signal, somehow bool) (ended chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected, p.somehow = true, somehow
	switch {
	case s == syscall.SIGKILL:
		p.kills = append(p.kills, time.Now())
	case !somehow:
		p.ends++
	}
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.problems.add("%v: %v", s, err)
	}
	return p.ended
}

// kill ends it at once, as a power cut does for everything but the disk.
func (p *product) kill() { <-p.signal(syscall.SIGKILL, true) }

func (p *product) broken() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// complaints are the last lines of its log that tell of trouble.
func (p *product) complaints() string {
	log, err := os.ReadFile(filepath.Join(p.dir, logName))
	if err != nil {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(string(log)) {
		if !strings.Contains(line, `"level":"INFO"`) && !strings.Contains(line, `"level":"DEBUG"`) && !strings.Contains(line, "will try again") && !strings.Contains(line, "in plain text") {
			lines = append(lines, strings.TrimSpace(line[:min(len(line), 600)]))
		}
	}
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// inOrder counts the ends in order.
func (p *product) inOrder() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ends
}

// killed is when it was.
func (p *product) killed() []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.kills)
}

// stop ends what a test that failed has left.
func (p *product) stop() {
	p.mu.Lock()
	ended := p.ended
	p.mu.Unlock()
	if ended == nil {
		return
	}
	select {
	case <-ended:
	default:
		p.kill()
	}
}

// longestEnd is what docs/run.md promises of an end in order, and a little more.
const longestEnd = 25 * time.Second

// end ends it in order, once it is there to hear of it.
func (p *product) end() {
	for end := time.Now().Add(patience); time.Now().Before(end) && !p.broken(); time.Sleep(20 * time.Millisecond) {
		if _, _, err := p.get("/healthz"); err == nil {
			break
		}
	}
	ended := p.signal(syscall.SIGTERM, false)
	select {
	case <-ended:
	case <-time.After(longestEnd):
		p.problems.add("it did not end within %v of SIGTERM", longestEnd)
		p.kill()
	}
}

// reads reports whether it has a file open; where there is no /proc, nobody knows.
func (p *product) reads(path string) bool {
	p.mu.Lock()
	files := fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid)
	p.mu.Unlock()
	open, _ := os.ReadDir(files) // it may be gone
	return slices.ContainsFunc(open, func(f os.DirEntry) bool {
		to, err := os.Readlink(filepath.Join(files, f.Name()))
		return err == nil && to == path
	})
}

// accept is what `tfdrift state accept` does.
func (p *product) accept(path string) error { return watch.Accept(p.data(), path) }

// where is where it listens.
func (p *product) where() (address, error) {
	where, err := readAddress(p.data())
	if err == nil && where.Listen == "" {
		err = errors.New("it does not listen")
	}
	return where, err
}

// desk asks it what operators ask.
func (p *product) desk() operator.Client {
	where, err := p.where()
	if err != nil {
		p.problems.add("%v", err)
	}
	return operator.Client{URL: "http://" + where.Operator, Token: where.Token}
}

// client gives up on a process that was killed.
var client = http.Client{Timeout: 10 * time.Second}

func (p *product) get(path string) (int, string, error) {
	where, err := p.where()
	if err != nil {
		return 0, "", err
	}
	response, err := client.Get("http://" + where.Listen + path)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

// metric reads one number of /metrics.
func (p *product) metric(name string) (float64, error) {
	_, body, err := p.get("/metrics")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(body) {
		if text, ok := strings.CutPrefix(line, name+" "); ok {
			return strconv.ParseFloat(strings.TrimSpace(text), 64)
		}
	}
	return 0, fmt.Errorf("no metric %s", name)
}

// patience is how long something may take that the product does within a few
// seconds, with kills in between.
const patience = 30 * time.Second

// ready waits until /ready names a state as not taken up, or does not.
func (p *product) ready(path string, well bool) {
	var last string
	for end := time.Now().Add(patience); time.Now().Before(end) && !p.broken(); time.Sleep(100 * time.Millisecond) {
		status, body, err := p.get("/ready")
		if last = body; err != nil {
			continue // between a kill and the next start
		}
		if strings.Contains(body, "not read yet") || strings.Contains(body, "ending") {
			continue
		}
		if named := strings.Contains(body, path); named != well && (well || status == http.StatusServiceUnavailable) {
			return
		}
	}
	p.problems.add("/ready: state %s should be well (%v), and for %v it says %q", filepath.Base(path), well, patience, last)
}

// synced waits until the product has looked at all states after a time, and has
// them as they are. Where another state is in trouble, it waits for that too.
func (p *product) synced(after time.Time) {
	for end := time.Now().Add(2 * patience); time.Now().Before(end) && !p.broken(); time.Sleep(100 * time.Millisecond) {
		if at, err := p.metric("tfdrift_state_last_sync_timestamp"); err == nil && at > float64(after.Unix()+1) {
			return
		}
	}
	p.problems.add("/metrics: not all states were read within %v", 2*patience)
}

// courier brings events to the product: late, twice, in another order, and
// again until it has them.
type courier struct {
	to    *product
	late  time.Duration // at most; 0: at once, and once
	dice  *rand.Rand
	mu    sync.Mutex
	ready [][]byte
	on    sync.WaitGroup // what was handed over and is not accepted yet
	sent  int
	again int
}

// send hands an event over, often more than once.
func (c *courier) send(event []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.late == 0 {
		c.on.Add(1)
		c.ready = append(c.ready, event)
		return
	}
	for copies := 1; ; copies++ {
		wait := time.Duration(c.dice.Int64N(int64(300 * time.Millisecond)))
		switch n := c.dice.IntN(20); {
		case n == 0:
			wait = time.Duration(c.dice.Int64N(int64(c.late)))
		case n < 5:
			wait *= 10
		}
		c.on.Add(1)
		time.AfterFunc(wait, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.ready = append(c.ready, event)
		})
		if copies == 3 || c.dice.IntN(4) > 0 {
			return
		}
	}
}

// run posts what is due until ctx ends, some events in one request.
func (c *courier) run(ctx context.Context) {
	for ctx.Err() == nil {
		batch := c.take()
		if batch == nil {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		c.post(ctx, batch)
		for range batch {
			c.on.Done()
		}
	}
}

func (c *courier) take() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dice.Shuffle(len(c.ready), func(i, j int) { c.ready[i], c.ready[j] = c.ready[j], c.ready[i] })
	n := min(len(c.ready), 1+c.dice.IntN(5))
	batch := c.ready[:n:n]
	c.ready = c.ready[n:]
	if n == 0 {
		return nil
	}
	return batch
}

// post posts a batch until it is accepted. Where the answer was lost, nobody
// knows, and it is posted again.
func (c *courier) post(ctx context.Context, batch [][]byte) {
	if len(batch) == 0 {
		return
	}
	c.mu.Lock()
	c.sent += len(batch)
	c.mu.Unlock()
	body := bytes.Join(batch, []byte("\n"))
	if len(batch) > 1 && len(body)%2 == 0 { // a log file's framing
		body = fmt.Appendf(nil, `{"Records":[%s]}`, bytes.Join(batch, []byte(",")))
	}
	for ; ctx.Err() == nil && !c.to.broken(); time.Sleep(50 * time.Millisecond) {
		where, err := c.to.where()
		if err != nil {
			continue
		}
		response, err := client.Post("http://"+where.Listen+"/events", "application/json", bytes.NewReader(body))
		if err == nil {
			answer, _ := io.ReadAll(response.Body) // for the problem's text
			response.Body.Close()
			switch response.StatusCode {
			case http.StatusAccepted:
				var a struct{ Accepted int }
				if err := json.Unmarshal(answer, &a); err != nil || a.Accepted != len(batch) {
					c.to.problems.add("of %d events posted the answer says %q", len(batch), answer)
				}
				return
			case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			default:
				c.to.problems.add("events were refused: status %d: %s", response.StatusCode, answer)
				return
			}
		}
		c.mu.Lock()
		c.again++
		c.mu.Unlock()
	}
}
