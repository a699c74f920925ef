package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/helm"
)

// options returns what the flags say, but for the policies and the cluster.
func (f *checkFlags) options(stdin io.Reader, paths []string) (check.Options, error) {
	for _, glob := range f.exclude {
		if err := check.ValidGlob(glob); err != nil {
			return check.Options{}, fmt.Errorf("--exclude: %w", err)
		}
	}
	values, err := helm.Values(f.values)
	if err != nil {
		return check.Options{}, fmt.Errorf("--values: %w", err)
	}
	return check.Options{
		Paths: paths, Stdin: stdin, Exclude: f.exclude, Values: values, Old: f.old,
		Namespace: cmp.Or(f.namespace, metav1.NamespaceDefault), Complete: f.complete, AllowEmpty: f.allowEmpty, Now: time.Now(),
	}, nil
}

// reach makes the cluster of the kubeconfig what the input is applied to, and its policies those in force, if
// the flags ask for it. What the API server warns of is written to warnings.
func (f *checkFlags) reach(ctx context.Context, options *check.Options, warnings io.Writer) error {
	if !f.cluster {
		return f.govern(options)
	}
	f.kubeconfig.overrides.Context.Namespace = f.namespace
	api, namespace, err := f.kubeconfig.client(warnings)
	if err != nil {
		return fmt.Errorf("--cluster: %w", err)
	}
	options.Live, options.Namespace = cluster.NewLive(api, api.Scheme()), namespace
	if f.policy != "" || f.profile != "" {
		return f.govern(options)
	}
	if options.Policies, err = policiesInForce(ctx, api, warnings); err != nil {
		return fmt.Errorf("--cluster: %w", err)
	}
	return nil
}

// govern puts the policy of the flags in force, or the one that is found by itself.
func (f *checkFlags) govern(options *check.Options) error {
	policy, err := findPolicy(f.policy, f.profile)
	if err != nil {
		return err
	}
	options.Policies = engine.Only(policy)
	return nil
}
