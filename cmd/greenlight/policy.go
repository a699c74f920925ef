package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/policies"
	"greenlight.dev/greenlight/rules"
)

// policyFile is the policy that is found by itself.
const policyFile = ".greenlight.yaml"

// findPolicy returns the policy of a file, or of a profile, or of policyFile in the working directory: the
// built-in one where there is none of them.
func findPolicy(file, profile string) (*engine.Policy, error) {
	if profile != "" {
		return profilePolicy(profile)
	}
	if file != "" {
		return engine.Load(file, rules.All)
	}
	if _, err := os.Stat(policyFile); errors.Is(err, fs.ErrNotExist) {
		return engine.Baseline(rules.All), nil
	}
	return engine.Load(policyFile, rules.All)
}

func profilePolicy(name string) (*engine.Policy, error) {
	profile, err := oneOf("--profile", name, v1alpha1.Profiles...)
	if err != nil {
		return nil, err
	}
	document := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.RolloutPolicySpec{Profile: profile}}
	return engine.NewPolicy(document, rules.All)
}

// policiesInForce reads the policies of the cluster. Who may not read them is judged by the baseline here;
// the webhook judges by its own all the same.
func policiesInForce(ctx context.Context, api client.Client, warnings io.Writer) (*engine.Policies, error) {
	inForce, err := policies.Read(ctx, api, rules.All)
	if !apierrors.IsForbidden(err) {
		return inForce, err
	}
	_, err = fmt.Fprintf(warnings, "Warning: %v: judged by the built-in baseline.\n", err)
	return policies.NewStore(rules.All).Policies(), err
}
