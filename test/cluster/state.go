package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// state is what a later program needs to know about a running cluster.
type state struct {
	Nodes     int        `json:"nodes"`
	Complete  bool       `json:"complete"`  // the start reached its end
	Processes []*process `json:"processes"` // in the order they were started
}

// readState returns an empty state if there is no file.
func readState(path string) (state, error) {
	var s state
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("%s: %w; end the processes it names by hand and remove it", path, err)
	}
	return s, nil
}

func (s state) write(path string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(path, append(data, '\n'), 0o644)
}

// alive returns the processes that still run.
func (s state) alive() []*process {
	var running []*process
	for _, p := range s.Processes {
		if p.alive() {
			running = append(running, p)
		}
	}
	return running
}

// same says whether both describe the same processes.
func (s state) same(other state) bool {
	return slices.EqualFunc(s.Processes, other.Processes, func(a, b *process) bool { return a.identity == b.identity })
}

// end ends what still runs, the last started first.
func (s state) end() error {
	var errs []error
	for _, p := range slices.Backward(s.Processes) {
		if err := p.end(exitGrace); err != nil {
			errs = append(errs, fmt.Errorf("stopping %s: %w", p.Name, err))
		}
	}
	return errors.Join(errs...)
}

// writeFile replaces a file whole: a reader sees the old content or the new.
func writeFile(path string, data []byte, mode fs.FileMode) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(data)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
