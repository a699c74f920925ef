package rules

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/state"
)

var canaryShareExceeded = &Rule{
	ID: "canary-share-exceeded",
	Doc: `# The canary gets more of the requests than it should

Where several workloads stand behind one Service, each of their pods gets about the same part of the
requests: 2 pods of a canary beside 2 others get half of them. A canary is meant to find a fault while few
requests meet it.

A label of the pods says which track they are of. What is counted are the pods that serve now, and of the
Deployment that is changed those that it will want. Where none serves yet, and outside of the cluster, it is
what every workload wants. It passes where all pods behind the Service are of one track.

## Wrong

    kubectl scale deployment/web-canary --replicas=2     # beside 2 of track stable: 50%

## Right

    kubectl scale deployment/web-canary --replicas=1     # beside 3 of track stable: 25%

## How to fix it

Run fewer pods of the canary, or more of the others. To make the canary the new version, roll its image out
to the others, then remove it.
`,
	Kinds:  []schema.GroupVersionKind{state.Deployment, state.Service},
	Scales: true,
	Reads:  append([]schema.GroupVersionKind{state.Service, state.Pod}, workloads...),
	Params: func() any {
		return &CanaryShareParams{TrackLabel: "track", CanaryTracks: []string{"canary"}, MaxSharePercent: 25}
	},
	Run: runCanaryShareExceeded,
}

// CanaryShareParams are the parameters of canary-share-exceeded.
type CanaryShareParams struct {
	// TrackLabel is the label of the pods that says which track they are of.
	TrackLabel string `json:"trackLabel"`
	// CanaryTracks are the values of that label which are a canary's. Together they have one share.
	CanaryTracks []string `json:"canaryTracks"`
	// MaxSharePercent is the part of the requests that the canary may get. 25 is 1 pod beside 3 others.
	MaxSharePercent int `json:"maxSharePercent"`
}

// Validate returns what is wrong with the parameters.
func (p *CanaryShareParams) Validate(path *field.Path) field.ErrorList {
	errs := validLabelKey(path.Child("trackLabel"), p.TrackLabel)
	if len(p.CanaryTracks) == 0 {
		errs = append(errs, field.Required(path.Child("canaryTracks"), "say which tracks are a canary's, for example canary"))
	}
	if p.MaxSharePercent < 1 || p.MaxSharePercent > 99 {
		errs = append(errs, field.Invalid(path.Child("maxSharePercent"), p.MaxSharePercent, "must be from 1 to 99"))
	}
	return errs
}

func runCanaryShareExceeded(ctx context.Context, pass *Pass) error {
	params := pass.Params.(*CanaryShareParams)
	splits, err := canarySplits(ctx, pass, params.TrackLabel)
	for _, split := range splits {
		if split.after.Exceeds(params.MaxSharePercent, params.CanaryTracks...) {
			pass.Report(exceeded(pass, split, params))
		}
	}
	return err
}

func exceeded(pass *Pass, split canarySplit, params *CanaryShareParams) Finding {
	canaries, total := split.after.Of(params.CanaryTracks...), split.after.Total()
	percent := split.after.Percent(params.CanaryTracks...)
	// The fewest others beside which the canary is no more than the limit: rounded up.
	others := (canaries*(100-params.MaxSharePercent) + params.MaxSharePercent - 1) / params.MaxSharePercent
	return Finding{
		Path: splitPath(pass),
		Message: fmt.Sprintf("track %s gets %d%% of the requests of Service %s (%d of %s): the policy allows %d%%.",
			strings.Join(params.CanaryTracks, ", "), percent, split.service.Name, canaries, pods(total), params.MaxSharePercent),
		Fix:    fmt.Sprintf("Run fewer of these pods, or at least %d of other tracks beside %d.", others, canaries),
		Degree: percent,
	}
}

// splitPath is the field by which the object has a part in the split.
func splitPath(pass *Pass) *field.Path {
	_, isService := pass.Object.(*corev1.Service)
	switch {
	case isService:
		return specPath.Child("selector")
	case pass.Op == Delete:
		return field.NewPath("metadata", "name")
	}
	return specPath.Child("replicas")
}
