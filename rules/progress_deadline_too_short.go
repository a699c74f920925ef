package rules

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

var progressDeadlineTooShort = &Rule{
	ID: "progress-deadline-too-short",
	Doc: `# A healthy rollout is reported as failed

progressDeadlineSeconds is how long a rollout may stand still: no new pod made, none ready, no old one
gone. A pod that takes longer to become ready, as its own probes allow it to, lets the deadline pass:
kubectl rollout status fails, and so does the pipeline that waits for it, although nothing is wrong.

Where the readiness probe is not even asked before the deadline, every rollout fails. Where the probes
only allow a start to take so long, it is a warning. Pulling the image counts too, and is not in the sum.

## Wrong

    spec:
      progressDeadlineSeconds: 60
      template:
        spec:
          containers:
            - name: web
              startupProbe:
                failureThreshold: 30
                periodSeconds: 10

## Right

    spec:
      progressDeadlineSeconds: 600
      template:
        spec:
          containers:
            - name: web
              startupProbe:
                failureThreshold: 30
                periodSeconds: 10

## How to fix it

Set progressDeadlineSeconds well above the longest start that the probes allow, or leave it out: the
default is 600.
`,
	Kinds: deployments,
	Run:   runProgressDeadlineTooShort,
}

func runProgressDeadlineTooShort(_ context.Context, pass *Pass) error {
	spec := pass.Object.(*appsv1.Deployment).Spec
	if spec.ProgressDeadlineSeconds == nil {
		return nil
	}
	deadline := int(*spec.ProgressDeadlineSeconds)
	containers := probedContainers(&spec.Template.Spec)
	first, longest := slowest(containers, firstAskedAfter), slowest(containers, startAllowed)
	if longest.seconds == 0 || deadline > longest.seconds {
		return nil
	}
	finding := Finding{
		Path:   specPath.Child("progressDeadlineSeconds"),
		Fix:    fmt.Sprintf("Set progressDeadlineSeconds: %d or more.", longest.seconds+1),
		Degree: longest.seconds - deadline,
	}
	if deadline <= first.seconds {
		finding.Message = fmt.Sprintf("progressDeadlineSeconds is %d, and container %q is not asked whether it is ready before that (%s): every rollout is reported as failed.",
			deadline, first.container, first.reason())
	} else {
		finding.AtMost = v1alpha1.Warn
		finding.Message = fmt.Sprintf("progressDeadlineSeconds is %d, and container %q may take %s to become ready (%s): a healthy rollout may be reported as failed.",
			deadline, longest.container, seconds(longest.seconds), longest.reason())
	}
	pass.Report(finding)
	return nil
}
