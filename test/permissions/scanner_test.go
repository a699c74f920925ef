package permissions

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

// provokeScanner makes the scanner read and write all that it may, without a webhook beside it.
func (c *cluster) provokeScanner() {
	if err := c.Unguard(c.Context()); err != nil {
		c.Fatal(err)
	}
	if err := c.End(install.Webhook); err != nil {
		c.Fatal(err)
	}
	c.installReports()
	for _, format := range report.Formats {
		running, err := c.Scanner(c.Context(), "scanner", "--reports", format.Name, "--debounce", "100ms", "--events")
		if err != nil {
			c.Fatal(err)
		}
		c.reports(format)
		// It leaves the lead to the next one.
		if err := running.Stop(); err != nil {
			c.Fatal(err)
		}
	}
}

// installReports installs the kinds of both formats.
func (c *cluster) installReports() {
	c.Helper()
	openReports, err := install.OpenReports(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	for _, file := range []string{openReports, filepath.Join("..", "reports", "testdata", "wgpolicyk8s.io_policyreports.yaml")} {
		if err := install.CRD(c.Context(), c.Client, file); err != nil {
			c.Fatal(err)
		}
	}
}

// reports has reports in one format written, replaced and removed.
func (c *cluster) reports(format report.Format) {
	namespace := c.namespace()
	c.govern(namespace, 0, v1alpha1.RuleSetting{Name: "service-selects-nothing", Mode: v1alpha1.Audit})
	service, web := fixture.Service(namespace, "1"), withVolume(fixture.Deployment(namespace, "web", "1"))
	// Of two findings on one object, the second event is a patch of the first.
	web.Spec.Replicas, web.Spec.RevisionHistoryLimit = new(int32(1)), new(int32(0))
	c.create(service, claim(namespace), web)
	c.waitForResults(format, web, "single-replica", "no-rollback-history")
	service.Spec.Selector = fixture.Labels("9")
	c.eventually("selecting nothing", func(ctx context.Context) error { return c.Client.Update(ctx, service) })
	c.waitForResults(format, service, "service-selects-nothing")
	c.waitForResults(format, web, "no-rollback-history")
	c.govern(namespace, 1, off()...)
	c.eventually("taking the report away", func(ctx context.Context) error {
		if _, err := c.results(ctx, format, web); !apierrors.IsNotFound(err) {
			return fmt.Errorf("asked for, it is answered with %w", err)
		}
		return nil
	})
	c.losesNamespace(web)
}

// govern lets the rules of a namespace be set by a policy of its own.
func (c *cluster) govern(namespace string, priority int32, settings ...v1alpha1.RuleSetting) {
	c.Helper()
	c.waitAccepted(fmt.Sprintf("%s-%d", namespace, priority), func(spec *v1alpha1.RolloutPolicySpec) {
		spec.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}}
		spec.Priority, spec.Rules = priority, settings
	})
}

// losesNamespace ends the namespace of an object and not the object, which the scanner then judges where no cache
// knows the labels of its namespace.
func (c *cluster) losesNamespace(object client.Object) {
	c.Helper()
	c.eventually("holding the object", func(ctx context.Context) error {
		return c.Client.Patch(ctx, object, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":["test.invalid/held"]}}`)))
	})
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: object.GetNamespace()}}
	if err := c.Client.Delete(c.Context(), namespace); err != nil {
		c.Fatal(err)
	}
	c.eventually("ending the namespace", func(ctx context.Context) error {
		if err := c.Client.Get(ctx, client.ObjectKeyFromObject(namespace), namespace); err != nil {
			return client.IgnoreNotFound(err)
		}
		namespace.Spec.Finalizers = nil
		return errors.Join(errors.New("it is still there"), c.Client.SubResource("finalize").Update(ctx, namespace))
	})
	c.waitForUse(permission{Verb: "get", Resource: "namespaces"})
}

// waitForUse waits until the scanner has asked for something: one that is stopped before it judges asks for nothing.
func (c *cluster) waitForUse(want permission) {
	c.Helper()
	c.eventually("the scanner", func(context.Context) error {
		used, err := uses(c.AuditLog(), scanner)
		if err == nil && !used[want] {
			err = fmt.Errorf("it has not asked for %+v", want)
		}
		return err
	})
}

// off is every rule, switched off.
func off() []v1alpha1.RuleSetting {
	var settings []v1alpha1.RuleSetting
	for _, entry := range rules.All {
		settings = append(settings, v1alpha1.RuleSetting{Name: entry.ID, Mode: v1alpha1.Off})
	}
	return settings
}

// waitForResults waits until an object has been found to break these rules and no others.
func (c *cluster) waitForResults(format report.Format, object client.Object, want ...string) {
	c.Helper()
	c.eventually("a report", func(ctx context.Context) error {
		results, err := c.results(ctx, format, object)
		var broken []string
		for _, result := range results {
			if result.Mode != "" {
				broken = append(broken, result.Rule)
			}
		}
		slices.Sort(broken)
		if err == nil && !slices.Equal(broken, slices.Sorted(slices.Values(want))) {
			err = fmt.Errorf("it holds %v: want %v", broken, want)
		}
		return err
	})
}

func (c *cluster) results(ctx context.Context, format report.Format, object client.Object) ([]report.Result, error) {
	found := &unstructured.Unstructured{}
	found.SetGroupVersionKind(format.Kind)
	if err := c.Client.Get(ctx, client.ObjectKey{Namespace: object.GetNamespace(), Name: "greenlight-" + string(object.GetUID())}, found); err != nil {
		return nil, err
	}
	read, err := report.Read(found)
	return read.Results, err
}
