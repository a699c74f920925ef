package rules

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
)

var preStopExceedsGracePeriod = &Rule{
	ID: "prestop-exceeds-grace-period",
	Doc: `# The preStop hook uses up the grace period

terminationGracePeriodSeconds covers the preStop hook and the time after SIGTERM together. Where the
hook takes all of it, the container is killed 2 seconds after SIGTERM, with its requests unfinished.
Less than 5 seconds left is a warning.

A hook counts if its time can be known: a native sleep, or a command that only sleeps.

## Wrong

    terminationGracePeriodSeconds: 30
    containers:
      - name: web
        lifecycle:
          preStop:
            exec:
              command: [sleep, "30"]

## Right

    terminationGracePeriodSeconds: 45
    containers:
      - name: web
        lifecycle:
          preStop:
            sleep:
              seconds: 15

## How to fix it

Set terminationGracePeriodSeconds to the hook's time plus what the container needs to finish.
`,
	Kinds: deployments,
	Run:   runPreStopExceedsGracePeriod,
}

// leastRemainder is how many seconds a container should have between its preStop hook and SIGKILL.
const leastRemainder = 5

func runPreStopExceedsGracePeriod(_ context.Context, pass *Pass) error {
	spec := &pass.Object.(*appsv1.Deployment).Spec.Template.Spec
	if spec.TerminationGracePeriodSeconds == nil {
		return nil
	}
	grace := *spec.TerminationGracePeriodSeconds
	for _, container := range spec.Containers {
		seconds, handler := preStopSeconds(container.Lifecycle)
		if remainder := grace - seconds; seconds > 0 && remainder < leastRemainder {
			pass.Report(preStopFinding(container.Name, handler, seconds, grace))
		}
	}
	return nil
}

func preStopFinding(container, handler string, seconds, grace int64) Finding {
	finding := Finding{
		Path: containerPath("containers", container).Child("lifecycle", "preStop", handler),
		Message: fmt.Sprintf("the preStop hook takes %d of the %d seconds of terminationGracePeriodSeconds: container %q is killed 2 seconds after SIGTERM.",
			seconds, grace, container),
		Fix: fmt.Sprintf("Set terminationGracePeriodSeconds: %d or more, or shorten the hook.", seconds+leastRemainder),
	}
	if seconds < grace {
		finding.AtMost = v1alpha1.Warn
		finding.Message = fmt.Sprintf("the preStop hook takes %d of the %d seconds of terminationGracePeriodSeconds, leaving %d for container %q to finish.",
			seconds, grace, grace-seconds, container)
	}
	return finding
}

var sleepCommand = regexp.MustCompile(`^\s*(?:\S*/)?sleep\s+(\d+)s?\s*;?\s*$`)

// preStopSeconds returns how long a preStop hook takes and which of its fields says so: 0 where that
// cannot be known.
func preStopSeconds(lifecycle *corev1.Lifecycle) (seconds int64, handler string) {
	if lifecycle == nil || lifecycle.PreStop == nil {
		return 0, ""
	}
	if sleep := lifecycle.PreStop.Sleep; sleep != nil {
		return sleep.Seconds, "sleep"
	}
	if exec := lifecycle.PreStop.Exec; exec != nil {
		return commandSeconds(exec.Command), "exec"
	}
	return 0, ""
}

// commandSeconds understands sleep 5 and sh -c "sleep 5".
func commandSeconds(command []string) int64 {
	line := strings.Join(command, " ")
	if len(command) == 3 && command[1] == "-c" {
		line = command[2]
	}
	match := sleepCommand.FindStringSubmatch(line)
	if match == nil {
		return 0
	}
	seconds, err := strconv.ParseInt(match[1], 10, 64)
	if err != nil {
		return 0
	}
	return seconds
}
