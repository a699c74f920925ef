package rules

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
)

var canaryShareMoved = &Rule{
	ID: "canary-share-moved",
	Doc: `# The change moves requests from one track to another

Where pods of several tracks stand behind one Service, as those of a canary and of the stable version, how
many there are of each decides who gets how many of the requests. Whoever scales one of them moves requests,
and so does whoever creates or deletes one, or changes what the Service selects. This says how many.

It is never more than a warning. Where all pods behind the Service are of one track, before the change and
after it, nothing is said, and so where nothing serves. Which track a pod is of its label says.

## Wrong

    kubectl scale deployment/web-canary --replicas=3     # beside 1 of track stable

## Right

    kubectl scale deployment/web-canary --replicas=1     # beside 3 of track stable

## How to fix it

Nothing, where the split is the one that was meant.
`,
	Kinds:  []schema.GroupVersionKind{state.Deployment, state.Service},
	Ops:    []Operation{Create, Update, Delete},
	Scales: true,
	Reads:  append([]schema.GroupVersionKind{state.Service, state.Pod}, workloads...),
	Params: func() any { return &CanaryMovedParams{TrackLabel: "track"} },
	Run:    runCanaryShareMoved,
}

// CanaryMovedParams are the parameters of canary-share-moved.
type CanaryMovedParams struct {
	// TrackLabel is the label of the pods that says which track they are of.
	TrackLabel string `json:"trackLabel"`
}

// Validate returns what is wrong with the parameters.
func (p *CanaryMovedParams) Validate(path *field.Path) field.ErrorList {
	return validLabelKey(path.Child("trackLabel"), p.TrackLabel)
}

func validLabelKey(path *field.Path, key string) field.ErrorList {
	var errs field.ErrorList
	for _, why := range validation.IsQualifiedName(key) {
		errs = append(errs, field.Invalid(path, key, why))
	}
	return errs
}

func runCanaryShareMoved(ctx context.Context, pass *Pass) error {
	_, isService := pass.Object.(*corev1.Service)
	if pass.Orphans || isService && pass.Op != Update {
		return nil
	}
	splits, err := canarySplits(ctx, pass, pass.Params.(*CanaryMovedParams).TrackLabel)
	for _, split := range splits {
		if moved := split.moved(); moved != "" {
			pass.Report(Finding{
				Path:    splitPath(pass),
				Message: fmt.Sprintf("the requests of Service %s move: %s.", split.service.Name, moved),
				Fix:     "Make sure that this is the split that you want.",
				AtMost:  warn,
			})
		}
	}
	return err
}

// moved says of each track how its share changes: "track canary gets 25% (1 of 4 pods), 0% now". It is empty
// where none does, and where nothing serves before or after.
func (s canarySplit) moved() string {
	if s.before.Total() == 0 || s.after.Total() == 0 {
		return ""
	}
	var moved []string
	for _, track := range s.after.Moved(s.before) {
		moved = append(moved, fmt.Sprintf("%s gets %d%% (%d of %s), %d%% now", trackName(track),
			s.after.Percent(track), s.after[track], pods(s.after.Total()), s.before.Percent(track)))
	}
	return strings.Join(moved, "; ")
}

// trackName names a track: what has no such label is of none.
func trackName(track string) string {
	if track == "" {
		return "no track"
	}
	return "track " + track
}
