package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/switching"
	"greenlight.dev/greenlight/rules"
)

// errNotSwitched is the error of a switch that was not made. It has been told already.
var errNotSwitched = errors.New("the switch was not made")

// switchFlags are the flags of switch as they are written.
type switchFlags struct {
	kubeconfig kubeconfig
	request    switching.Request
	timeout    time.Duration
}

func newSwitchCommand() *cobra.Command {
	var flags switchFlags
	cmd := &cobra.Command{
		Use:   "switch service/NAME --to KEY=VALUE",
		Short: "Point a Service at other pods once they can serve",
		Long: `Point a Service at other pods, by the rules of the webhook: it says what they still lack, waits for it with
--wait, and then changes the labels of the selector that --to names.

The exit code is 0 where the Service is switched, 1 where that is denied or was not allowed in time, and 2
where something else went wrong. The Service is as it was unless the exit code is 0 or this is told.`,
		Example: `  greenlight switch service/shop --to version=2.0.0 --wait
  greenlight switch service/shop --to version=2.0.0 --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return flags.run(cmd, args[0]) },
	}
	set := cmd.Flags()
	flags.kubeconfig.addFlags(set)
	set.StringToStringVar(&flags.request.To, "to", nil, "the label that the selector is to ask for, as `KEY=VALUE`; may be repeated")
	set.BoolVar(&flags.request.Wait, "wait", false, "wait while the switch is denied")
	set.DurationVar(&flags.timeout, "timeout", 10*time.Minute, "how long to wait at most, such as 90s or 1h")
	set.BoolVar(&flags.request.DryRun, "dry-run", false, "ask the API server whether it would make the switch, and change nothing")
	_ = cmd.MarkFlagRequired("to") // It fails for a flag that is none.
	set.Lookup("to").DefValue = "" // What must be given has no default to show.
	return cmd
}

func (f *switchFlags) run(cmd *cobra.Command, argument string) error {
	kind, name, found := strings.Cut(argument, "/")
	if !found || name == "" || kind != "service" && kind != "svc" {
		return fmt.Errorf("%q is no Service: write service/NAME", argument)
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	api, namespace, err := f.kubeconfig.client(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	f.request.Namespace, f.request.Name = namespace, name
	inForce, err := policiesInForce(ctx, api, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	switcher := &switching.Switcher{
		API: api, State: cluster.NewLive(api, api.Scheme()), Engine: engine.Governed(func() *engine.Policies { return inForce }),
		Show: display(cmd.OutOrStdout()),
	}
	return f.switchOver(ctx, switcher, cmd)
}

// switchOver makes the switch and tells how it went.
func (f *switchFlags) switchOver(ctx context.Context, switcher *switching.Switcher, cmd *cobra.Command) error {
	look, err := switcher.Switch(ctx, f.request)
	switch {
	case errors.Is(err, switching.ErrDenied):
		return notSwitched(cmd.ErrOrStderr(), look, "")
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return notSwitched(cmd.ErrOrStderr(), look, fmt.Sprintf("given up after %s: ", f.timeout))
	case err != nil && ctx.Err() != nil:
		return notSwitched(cmd.ErrOrStderr(), look, "interrupted: ")
	case err != nil:
		return err
	case f.request.DryRun:
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "Service %s would select %s now: nothing was changed.\n", look.Service(), labels.Set(look.Selector()))
		return err
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "Service %s selects %s.\n", look.Service(), labels.Set(look.Selector())); err != nil {
		return err
	}
	ready, err := switcher.Endpoints(ctx, look)
	if err != nil {
		return fmt.Errorf("the switch is made, but %w", err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "Its ready endpoints are %s.\n", strings.Join(ready, ", "))
	return err
}

// notSwitched tells why, in full, and that nothing was changed.
func notSwitched(w io.Writer, look switching.Look, why string) error {
	lines := []string{why + "the Service is as it was."}
	for _, finding := range look.Verdict.With(v1alpha1.Deny) {
		lines = append(lines, fmt.Sprintf("Denied by %s: %s", finding.Rule, finding.Message), "    fix: "+finding.Fix, "    see "+rules.URL(finding.Rule))
	}
	if _, err := fmt.Fprintln(w, strings.Join(lines, "\n")); err != nil {
		return err
	}
	return errNotSwitched
}

// display draws on a terminal, and writes lines elsewhere.
func display(out io.Writer) func(switching.Look) error {
	file, isFile := out.(*os.File)
	if !isFile || !term.IsTerminal(int(file.Fd())) {
		return (&switching.Log{Out: out}).Show
	}
	return (&switching.Terminal{Out: out, Width: func() int {
		width, _, err := term.GetSize(int(file.Fd()))
		if err != nil {
			return 80
		}
		return width
	}}).Show
}
