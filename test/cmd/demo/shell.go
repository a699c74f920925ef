package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/term"
)

// shell runs the commands of the demo and shows each with its real output.
type shell struct {
	ctx         context.Context
	environment []string
	folder      string
	bold, dim   string
	plain       string
}

func newShell(ctx context.Context, repository, binaries, kubeconfig string) *shell {
	s := &shell{
		ctx:    ctx,
		folder: repository,
		environment: append(os.Environ(),
			"PATH="+binaries+string(os.PathListSeparator)+os.Getenv("PATH"), "KUBECONFIG="+kubeconfig),
	}
	if term.IsTerminal(int(os.Stdout.Fd())) && os.Getenv("NO_COLOR") == "" {
		s.bold, s.dim, s.plain = "\x1b[1m", "\x1b[2m", "\x1b[0m"
	}
	return s
}

func (s *shell) heading(number int, step step) {
	fmt.Printf("\n%s%d. %s%s\n%s%s%s\n", s.bold, number, step.title, s.plain, s.dim, step.why, s.plain)
}

// aloud runs a command and shows it with its output.
func (s *shell) aloud(command string) (string, error) {
	fmt.Printf("%s$ %s%s\n", s.bold, command, s.plain)
	output, err := s.quietly(command)
	fmt.Print(output)
	return output, err
}

// quietly runs a command and returns all its output.
func (s *shell) quietly(command string) (string, error) {
	var output bytes.Buffer
	bash := exec.CommandContext(s.ctx, "bash", "-c", command)
	bash.Dir, bash.Env, bash.Stdout, bash.Stderr = s.folder, s.environment, &output, &output
	err := bash.Run()
	return output.String(), err
}

func (s *shell) farewell(kubeconfig, binaries string) {
	fmt.Printf(`
%sEverything above was checked. The cluster goes on running, so that you can play with it:%s
  export KUBECONFIG=%s PATH=%s:$PATH
  kubectl get deployments,services -n shop
To stop it: make down
`, s.bold, s.plain, kubeconfig, binaries)
}
