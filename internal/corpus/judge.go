package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// skip stands beside the modes: the rule could not tell.
const skip = "skip"

// finding is what a rule says of a file.
type finding struct{ rule, mode string }

// judgeAll judges every object below a folder at rest, by the baseline. The files of one folder are what
// is known of its cluster; there may be more. It fails where a rule fails.
func judgeAll(folder string) ([]*file, error) {
	files, err := readAll(folder)
	if err != nil {
		return nil, err
	}
	neighbours := map[string][]state.Object{}
	for _, file := range files {
		neighbours[path.Dir(file.path)] = append(neighbours[path.Dir(file.path)], file.objects...)
	}
	judge := engine.New(engine.Baseline(rules.All))
	var errs []error
	for _, file := range files {
		errs = append(errs, file.judge(judge, cluster.NewManifests(neighbours[path.Dir(file.path)], false)))
	}
	return files, errors.Join(errs...)
}

func (f *file) judge(judge *engine.Engine, reader state.Reader) error {
	var errs []error
	for _, object := range f.objects {
		verdict := judge.Judge(context.Background(), engine.Request{Op: rules.Rest, Object: object, State: reader, Now: time.Now()})
		for _, found := range verdict.Findings {
			f.found = append(f.found, finding{found.Rule, string(found.Mode)})
		}
		for _, skipped := range verdict.Skipped {
			f.found = append(f.found, finding{skipped.Rule, skip})
		}
		for _, err := range verdict.Errors {
			errs = append(errs, fmt.Errorf("%s: %s %s: %w", f.path, object.GetObjectKind().GroupVersionKind().Kind, object.GetName(), err))
		}
	}
	return errors.Join(errs...)
}
