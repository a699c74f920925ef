package rules

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
)

var noRollbackHistory = &Rule{
	ID: "no-rollback-history",
	Doc: `# There is no revision to roll back to

A Deployment rolls back to the template that one of its old ReplicaSets keeps. With a
revisionHistoryLimit of 0 the controller deletes every old ReplicaSet as soon as a rollout is complete,
and kubectl rollout undo has nothing to go back to.

## Wrong

    spec:
      revisionHistoryLimit: 0

## Right

    spec:
      revisionHistoryLimit: 3

## How to fix it

Keep a few revisions, or leave revisionHistoryLimit out, which keeps 10. A ReplicaSet with 0 replicas
costs next to nothing.
`,
	Kinds: deployments,
	Run:   runNoRollbackHistory,
}

func runNoRollbackHistory(_ context.Context, pass *Pass) error {
	limit := pass.Object.(*appsv1.Deployment).Spec.RevisionHistoryLimit
	if limit == nil || *limit > 0 {
		return nil
	}
	pass.Report(Finding{
		Path:    specPath.Child("revisionHistoryLimit"),
		Message: "revisionHistoryLimit 0 keeps no old ReplicaSet: kubectl rollout undo has nothing to go back to.",
		Fix:     "Set revisionHistoryLimit: 3, or leave it out for 10.",
	})
	return nil
}
