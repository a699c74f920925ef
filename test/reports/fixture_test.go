package reports

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

// newNamespace makes a namespace with a Service that leads to every Deployment of deploy.
func newNamespace(ctx context.Context) string {
	namespace, err := guarded.Namespace(ctx)
	Expect(err).NotTo(HaveOccurred())
	Expect(guarded.Client.Create(ctx, fixture.Service(namespace, "1"))).To(Succeed())
	return namespace
}

// deploy makes a Deployment whose only fault is that it has 1 replica, where it has.
func deploy(ctx context.Context, namespace, name string, replicas int32) *appsv1.Deployment {
	deployment := fixture.Deployment(namespace, name, "1")
	deployment.Spec.Replicas = &replicas
	// So that the selectors of two do not overlap.
	deployment.Spec.Selector.MatchLabels["name"] = name
	deployment.Spec.Template.Labels["name"] = name
	Expect(guarded.Client.Create(ctx, deployment)).To(Succeed())
	return deployment
}

// change changes a Deployment, again where another writer was faster.
func change(ctx context.Context, deployment *appsv1.Deployment, change func()) {
	Eventually(func(ctx context.Context) error {
		if err := guarded.Client.Get(ctx, client.ObjectKeyFromObject(deployment), deployment); err != nil {
			return err
		}
		change()
		return guarded.Client.Update(ctx, deployment)
	}).WithContext(ctx).Should(Succeed())
}

// stored returns the reports of a namespace.
func stored(ctx context.Context, format report.Format, namespace string) ([]unstructured.Unstructured, error) {
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(format.Kind)
	err := guarded.Client.List(ctx, list, client.InNamespace(namespace))
	return list.Items, err
}

// storedOf returns the report of an object.
func storedOf(ctx context.Context, format report.Format, object client.Object) (*unstructured.Unstructured, error) {
	found := &unstructured.Unstructured{}
	found.SetGroupVersionKind(format.Kind)
	err := guarded.Client.Get(ctx, client.ObjectKey{Namespace: object.GetNamespace(), Name: "greenlight-" + string(object.GetUID())}, found)
	return found, err
}

// results returns what is reported of an object, each as its outcome and its rule.
func results(ctx context.Context, format report.Format, object client.Object) ([]string, error) {
	found, err := storedOf(ctx, format, object)
	if err != nil {
		return nil, err
	}
	read, err := report.Read(found)
	told := []string{}
	for _, result := range read.Results {
		told = append(told, fmt.Sprintf("%s %s", result.Outcome, result.Rule))
	}
	return told, err
}

func expectResults(ctx context.Context, format report.Format, object client.Object, want ...string) {
	Eventually(results).WithContext(ctx).WithArguments(format, object).Should(ConsistOf(want))
}

// since returns when the result of a rule was first seen.
func since(ctx context.Context, format report.Format, object client.Object, rule string) time.Time {
	found, err := storedOf(ctx, format, object)
	Expect(err).NotTo(HaveOccurred())
	read, err := report.Read(found)
	Expect(err).NotTo(HaveOccurred())
	for _, result := range read.Results {
		if result.Rule == rule {
			return result.Since
		}
	}
	return time.Time{}
}

// versions returns the resource version of each report in the cluster, by its name.
func versions(ctx context.Context, format report.Format, namespace string) map[string]string {
	reports, err := stored(ctx, format, namespace)
	Expect(err).NotTo(HaveOccurred())
	all := map[string]string{}
	for _, found := range reports {
		all[found.GetName()] = found.GetResourceVersion()
	}
	return all
}

func passes(ctx context.Context, scanner *install.Scanner) (float64, error) {
	return scanner.Count(ctx, "greenlight_scan_duration_seconds", nil)
}

func writes(ctx context.Context, scanner *install.Scanner) float64 {
	count, err := scanner.Count(ctx, "greenlight_report_writes_total", nil)
	Expect(err).NotTo(HaveOccurred())
	return count
}

func owner(object client.Object, kind, version string) []metav1.OwnerReference {
	return []metav1.OwnerReference{{APIVersion: version, Kind: kind, Name: object.GetName(), UID: object.GetUID(), Controller: new(false)}}
}
