package check

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// judge judges every object, on every core: the others are its cluster, or a part of it. It fails where the
// cluster cannot be asked.
func (r *Result) judge(ctx context.Context, objects []object, options Options) error {
	reader, err := r.surroundings(ctx, objects, options)
	if err != nil {
		return err
	}
	judge := engine.Governed(func() *engine.Policies { return options.Policies })
	told := make([]Result, len(objects))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range objects {
		group.Go(func() error {
			object := &objects[i]
			told[i].add(object, judge.Judge(ctx, engine.Request{
				Op: object.op, Object: object.Object, Old: object.old, State: reader, Now: options.Now,
			}))
			return nil
		})
	}
	_ = group.Wait() // What is wrong with an object is in its verdict.
	for _, one := range told {
		r.Findings, r.Exempted = append(r.Findings, one.Findings...), append(r.Exempted, one.Exempted...)
		r.Skipped, r.Errors = append(r.Skipped, one.Skipped...), append(r.Errors, one.Errors...)
	}
	return nil
}

// surroundings returns what is known of the cluster around the objects. In a live one each object becomes a
// change of what is there.
func (r *Result) surroundings(ctx context.Context, objects []object, options Options) (state.Reader, error) {
	if options.Live == nil {
		return offline{cluster.NewManifests(known(objects), options.Complete)}, nil
	}
	reader := newOnline(options.Live)
	for i := range objects {
		object := &objects[i]
		old, err := reader.replacedBy(ctx, object)
		if err != nil {
			return nil, err
		}
		object.change(old)
		if err := object.applyTo(old); err != nil {
			r.Errors = append(r.Errors, Error{object.place(""), fmt.Sprintf("applying %s: %v", object.reference(), err)})
		}
	}
	reader.input = cluster.NewManifests(known(objects), options.Complete)
	return reader, nil
}

func known(objects []object) []state.Object {
	known := make([]state.Object, len(objects))
	for i := range objects {
		known[i] = objects[i].Object
	}
	return known
}

// add tells of one verdict.
func (r *Result) add(object *object, verdict engine.Verdict) {
	for _, finding := range verdict.Findings {
		r.Findings = append(r.Findings, object.finding(verdict.Policy, finding))
	}
	for _, lifted := range verdict.Lifted {
		r.Exempted = append(r.Exempted, Exempted{object.finding(verdict.Policy, lifted.Finding), lifted.By})
	}
	for _, skip := range verdict.Skipped {
		r.Skipped = append(r.Skipped, Skipped{
			Policy: verdict.Policy, Rule: skip.Rule, Object: object.reference(), Reason: skip.Reason, Place: object.place(""),
		})
	}
	for _, err := range verdict.Errors {
		r.Errors = append(r.Errors, Error{object.place(""), fmt.Sprintf("judging %s: %v", object.reference(), err)})
	}
}

func (o *object) finding(policy string, found engine.Finding) Finding {
	message := found.Message
	if found.Note != "" {
		message += " (" + found.Note + ")"
	}
	return Finding{
		Policy: policy, Rule: found.Rule, Mode: found.Mode, Object: o.reference(), Place: o.place(found.Path.String()),
		Path: found.Path.String(), Message: message, Fix: found.Fix, URL: rules.URL(found.Rule),
	}
}

func (o *object) reference() Object {
	version, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	return Object{APIVersion: version, Kind: kind, Namespace: o.GetNamespace(), Name: o.GetName()}
}

func (o *object) place(path string) Place {
	place := o.document.Place(path)
	return Place{File: place.File, Line: place.Line, Column: place.Column}
}

// String names the object as people do: Deployment/shop/web.
func (o Object) String() string {
	if o.Namespace == "" {
		return o.Kind + "/" + o.Name
	}
	return o.Kind + "/" + o.Namespace + "/" + o.Name
}
