// Command tfdrift is the whole product in one process, on an embedded store:
// it replays events against states, plays the demo, and answers questions
// about the catalog and the configuration. It runs the same cores as the
// deployed functions.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"tfdrift/internal/drift"
	"tfdrift/internal/notifier"
	"tfdrift/internal/state"
)

// commands is the command line; each command's help says the rest.
type commands struct {
	Detect   detectCommand    `cmd:"" help:"Judge recorded events against Terraform state, once, offline."`
	Run      runCommand       `cmd:"" help:"Watch states, take events in, and tell of drift, until told to end."`
	Findings findingsCommands `cmd:"" help:"List, show and resolve findings of tfdrift run."`
	Silence  silenceCommands  `cmd:"" help:"Keep findings from being sent for a while."`
	State    stateCommands    `cmd:"" help:"Have tfdrift run take up a state that it refuses."`
	Events   eventsCommands   `cmd:"" help:"List events that tfdrift run could not judge."`
	Demo     demoCommand      `cmd:"" help:"Play a short story of drift, and of what is none. Needs no cloud."`
	Catalog  catalogCommand   `cmd:"" help:"Say what an API call touches, as the catalog knows it."`
	Config   configCommands   `cmd:"" help:"Check a configuration."`
	Version  versionCommand   `cmd:"" help:"Print the version."`
}

func (commands) Help() string {
	return `Examples:
  tfdrift demo
  tfdrift detect --state terraform.tfstate event.json`
}

// process is what a command may use of the world.
type process struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	color          bool // stdout is a terminal that shows colours
	interactive    bool // stderr is a terminal: progress may be shown
	typing         bool // stdin is a terminal: somebody would have to type

	backoff notifier.Backoff // between attempts at a channel
}

// Exit statuses of the contract.
const (
	exitOK    = 0
	exitError = 1
	exitDrift = 2 // with --detailed-exitcode
)

// exit is an error that only carries an exit status: all was said already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	p := process{
		ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		color:       term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		interactive: term.IsTerminal(int(os.Stderr.Fd())),
		typing:      term.IsTerminal(int(os.Stdin.Fd())),
	}
	os.Exit(run(p, os.Args[1:]))
}

// run parses the command line, runs the command and returns the exit status.
func run(p process, args []string) (status int) {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("tfdrift"),
		kong.Description("tfdrift says, within seconds, which Terraform-managed resource was changed by hand: which attribute, before and after, by whom, and how to put it right."),
		kong.Writers(p.stdout, p.stderr),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Exit(func(code int) { panic(exit(code)) }), // --help ends the parse
	)
	if err != nil {
		fmt.Fprintln(p.stderr, "tfdrift:", err)
		return exitError
	}
	defer func() {
		if r := recover(); r != nil {
			code, ok := r.(exit)
			if !ok {
				panic(r)
			}
			status = min(int(code), exitError)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(p.stderr, "tfdrift: %v\nTry \"tfdrift --help\".\n", err)
		return exitError
	}
	err = ctx.Run(&p)
	var code exit
	switch {
	case errors.As(err, &code):
		return int(code)
	case err != nil:
		fmt.Fprintln(p.stderr, "tfdrift:", plain(err))
		return exitError
	}
	return exitOK
}

// plain is an error's text without the sentinels at its end, which tell
// programs what to do next and people nothing.
func plain(err error) string {
	text := err.Error()
	for _, sentinel := range [...]error{drift.ErrInvalid, drift.ErrNotFound, state.ErrNotState, drift.ErrInvalid} {
		text = strings.TrimSuffix(text, ": "+sentinel.Error())
	}
	return text
}

// version is set by the linker in a release; else the module's own is used.
var version = ""

type versionCommand struct{}

func (versionCommand) Help() string {
	return `Example:
  tfdrift version`
}

func (versionCommand) Run(p *process) error {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok && v == "" {
		v = info.Main.Version
	}
	_, err := fmt.Fprintln(p.stdout, "tfdrift", v)
	return err
}
